-- 三项硬指标测评:区划按全部三项,市级及以上文明单位按后两项。
-- 口径见 scripts/library/indicators.lua;每项写明分子、分母和还差的人数。
-- 预警见 scripts/library/alarms.lua:计划逾期、按进度来不及、临近期限,以及没有数据。
-- veto 中的指标未达标(含无数据)时,不得授予文明称号,复查不得合格(一票否决)。
return {
  name = "assessment",
  kind = "assessment",
  title = "志愿服务三项指标测评",
  uses = { "indicators", "alarms" },
  texts = {
    gap_registered = "注册志愿者还差 %d 人(须大于 %d%%)",
    gap_unit_staff = "文明单位干部职工注册志愿者还差 %d 人(须大于 %d%%)",
    gap_party_members = "在职党员注册志愿者还差 %d 人(须大于 %d%%)",
    no_residents = "没有建成区常住人口数据",
    no_staff = "没有文明单位干部职工数据",
    no_party_members = "没有在职党员数据",
    units_without_staff = "%d 个市级及以上文明单位未报干部职工数,未计入",
  },
  describe = {
    registered = { title = "注册志愿者占建成区常住人口须大于", unit = "%" },
    unit_staff = { title = "文明单位注册志愿者占干部职工须大于", unit = "%" },
    party_members = { title = "注册志愿者占在职党员须大于", unit = "%" },
    scores = { title = "各项分值(不填则不计分)", unit = "分" },
    veto = { title = "未达标即否决文明称号的指标", unit = "指标代码" },
    due_days = { title = "计划期限前几天起预警", unit = "天", range = { 0, 366 } },
    pace_days = { title = "按近几天的进度预测", unit = "天", range = { 1, 366 } },
    no_data_alarm = { title = "没有数据时是否预警" },
  },
  parameters = {
    ["2018-01-01"] = {
      registered = 13,
      unit_staff = 50,
      party_members = 90,
      scores = {},
      veto = {},
      due_days = 30,
      pace_days = 30,
      no_data_alarm = true,
    },
  },
  decide = function(subject, parameters, context)
    local indicators, alarms, list = library.indicators, library.alarms, {}

    local function vetoes(id)
      for _, other in ipairs(parameters.veto) do
        if other == id then
          return true
        end
      end
      return false
    end

    local function add(id, title, figure, missing)
      local percent, max = parameters[id], parameters.scores[id]
      local state = indicators.state(figure.part, figure.whole, percent)
      local gap = indicators.gap(figure.part, figure.whole, percent)
      local evidence = { numerator = figure.part, denominator = figure.whole, gap = gap }
      evidence.units = figure.units
      evidence.units_without_staff = figure.without_staff
      if state == "no_data" then
        finding(missing)
      elseif gap > 0 then
        finding("gap_" .. id, gap, percent)
      end
      if figure.without_staff and figure.without_staff > 0 then
        finding("units_without_staff", figure.without_staff)
      end
      list[#list + 1] = {
        id = id,
        title = title,
        value = indicators.percent_text(figure.part, figure.whole),
        target = "> " .. percent .. "%",
        state = state,
        score = max and (state == "met" and max or 0),
        max = max,
        veto = state ~= "met" and vetoes(id) or nil,
        evidence = evidence,
      }
    end

    local party = indicators.party_members(subject)
    if context.subject == "organisation" then
      local level = indicators.unit_level(subject)
      if level or vetoes("unit_staff") then
        add("unit_staff", "干部职工注册率", indicators.staff(subject), "no_staff")
      end
      if level or party.whole then
        add("party_members", "在职党员注册率", party, "no_party_members")
      end
    else
      add("registered", "建成区常住人口注册率", indicators.registered(subject), "no_residents")
      add("unit_staff", "市级及以上文明单位干部职工注册率", indicators.units(subject), "no_staff")
      add("party_members", "在职党员注册率", party, "no_party_members")
    end
    local alerts = alarms.of_plans(subject, context, parameters)
    for _, alert in ipairs(parameters.no_data_alarm and alarms.of_missing(list) or {}) do
      alerts[#alerts + 1] = alert
    end
    return { indicators = list, alerts = alerts }
  end,
  cases = {
    {
      name = "恰好 13.00 %,不算达标,还差一人",
      given = { count = { volunteers = 13000 }, figure = { built_up_residents = 100000 } },
      expect = {
        indicators = {
          registered = {
            state = "not_met",
            value = "13.00%",
            target = "> 13%",
            evidence = { numerator = 13000, denominator = 100000, gap = 1 },
          },
        },
        findings = { "gap_registered" },
      },
    },
    {
      name = "再多一人就达标",
      given = { count = { volunteers = 13001 }, figure = { built_up_residents = 100000 } },
      expect = {
        indicators = { registered = { state = "met", value = "13.00%", evidence = { gap = 0 } } },
      },
    },
    {
      name = "十万志愿者,建成区 769230 人仍达标",
      given = { count = { volunteers = 100000 }, figure = { built_up_residents = 769230 } },
      expect = { indicators = { registered = "met" } },
    },
    {
      name = "十万志愿者,建成区 769231 人就不达标",
      given = { count = { volunteers = 100000 }, figure = { built_up_residents = 769231 } },
      expect = { indicators = { registered = { state = "not_met", evidence = { gap = 1 } } } },
    },
    {
      name = "没有分母是无数据,不是达标",
      given = { count = { volunteers = 5000 } },
      expect = {
        indicators = {
          registered = { state = "no_data", value = false, evidence = { numerator = 5000, gap = false } },
          unit_staff = "no_data",
          party_members = "no_data",
        },
        findings = { "no_residents", "no_staff", "no_party_members" },
      },
    },
    {
      name = "分母为零是无数据",
      given = {
        count = { volunteers = 5, in_service_party_members = 1 },
        figure = { built_up_residents = 0, in_service_party_members = 0 },
      },
      expect = { indicators = { registered = "no_data", party_members = "no_data" } },
    },
    {
      name = "人数不能整除时,差额向上取整",
      given = { count = { volunteers = 0 }, figure = { built_up_residents = 101 } },
      expect = { indicators = { registered = { state = "not_met", evidence = { gap = 14 } } } },
    },
    {
      name = "文明单位三级合计,未报职工数的单位另计",
      given = {
        count = {
          units_municipal = 3,
          units_provincial = 2,
          units_national = 1,
          units_without_staff_municipal = 1,
          unit_staff_municipal = 120,
          unit_staff_provincial = 70,
          unit_staff_national = 10,
          unit_volunteers_municipal = 60,
          unit_volunteers_provincial = 30,
          unit_volunteers_national = 10,
        },
      },
      expect = {
        indicators = {
          unit_staff = {
            state = "not_met",
            value = "50.00%",
            evidence = { numerator = 100, denominator = 200, gap = 1, units = 6, units_without_staff = 1 },
          },
        },
        findings = { "units_without_staff", "gap_unit_staff" },
      },
    },
    {
      name = "县级文明单位不计入第二项",
      given = { count = { units_county = 4, unit_staff_county = 100, unit_volunteers_county = 90 } },
      expect = { indicators = { unit_staff = { state = "no_data", evidence = { units = 0 } } } },
    },
    {
      name = "在职党员恰好 90 %,不算达标",
      given = { count = { in_service_party_members = 900 }, figure = { in_service_party_members = 1000 } },
      expect = { indicators = { party_members = { state = "not_met", evidence = { gap = 1 } } } },
    },
    {
      name = "在职党员 901 人达标",
      given = { count = { in_service_party_members = 901 }, figure = { in_service_party_members = 1000 } },
      expect = { indicators = { party_members = { state = "met", value = "90.10%" } } },
    },
    {
      name = "市级文明单位按后两项",
      context = { subject = "organisation" },
      given = {
        titles = { { title = "unit", level = "municipal", on = "2016-01-01" } },
        count = { volunteers = 26, in_service_party_members = 10 },
        figure = { staff = 50, in_service_party_members = 11 },
      },
      expect = { indicators = { unit_staff = "met", party_members = "met" } },
    },
    {
      name = "单位恰好一半,不算达标",
      context = { subject = "organisation" },
      given = {
        titles = { { title = "unit", level = "national", on = "2016-01-01" } },
        count = { volunteers = 25 },
        figure = { staff = 50 },
      },
      expect = {
        indicators = { unit_staff = { state = "not_met", evidence = { gap = 1 } }, party_members = "no_data" },
      },
    },
    {
      name = "县级文明单位只在报了在职党员数时测评第三项",
      context = { subject = "organisation" },
      given = {
        titles = { { title = "unit", level = "county", on = "2016-01-01" } },
        count = { in_service_party_members = 1 },
        figure = { staff = 50, in_service_party_members = 10 },
      },
      expect = { indicators = { party_members = { state = "not_met", evidence = { gap = 9 } } } },
    },
    {
      name = "城市定了分值就计分",
      given = { count = { volunteers = 14 }, figure = { built_up_residents = 100 } },
      parameters = { scores = { registered = 6, unit_staff = 4 } },
      expect = {
        indicators = { registered = { score = 6, max = 6 }, unit_staff = { score = 0, max = 4 } },
      },
    },
    {
      name = "否决项未达标时不得授予称号",
      given = { count = { volunteers = 13 }, figure = { built_up_residents = 100 } },
      parameters = { veto = { "registered" } },
      expect = { indicators = { registered = { state = "not_met", veto = true } } },
    },
    {
      name = "否决项达标时不否决",
      given = { count = { volunteers = 14 }, figure = { built_up_residents = 100 } },
      parameters = { veto = { "registered" } },
      expect = { indicators = { registered = { state = "met", veto = false } } },
    },
    {
      name = "单位注册率列为否决项时,申报称号前就测评",
      context = { subject = "organisation" },
      given = { count = { volunteers = 5 }, figure = { staff = 50 } },
      parameters = { veto = { "unit_staff" } },
      expect = { indicators = { unit_staff = { state = "not_met", veto = true } } },
    },
    {
      name = "没有数据要预警",
      given = { count = { volunteers = 14 } },
      expect = { alerts = { "no_data_registered", "no_data_unit_staff", "no_data_party_members" } },
    },
    {
      name = "都有数据、没有计划时没有预警",
      given = {
        count = { volunteers = 14, units_municipal = 1, unit_staff_municipal = 10 },
        figure = { built_up_residents = 100, in_service_party_members = 10 },
      },
      expect = { alerts = {} },
    },
    {
      name = "计划期限已过而未完成",
      context = { as_of = "2019-01-01" },
      given = {
        count = { stations_opened = 121 },
        plan = { stations_opened = { target = 122, due = "2018-12-31" } },
      },
      expect = { alerts = { "overdue_stations_opened" } },
    },
    {
      name = "期限当天还不算逾期,但进度来不及",
      context = { as_of = "2018-12-31" },
      given = {
        count = { stations_opened = 121 },
        plan = { stations_opened = { target = 122, due = "2018-12-31" } },
      },
      expect = { alerts = { "behind_stations_opened" } },
    },
    {
      name = "按近三十天的进度正好如期完成,不预警",
      context = { as_of = "2018-10-01" },
      given = {
        count = { stations_opened = 31 },
        gained = { stations_opened = 30 },
        plan = { stations_opened = { target = 122, due = "2018-12-31" } },
      },
      parameters = { no_data_alarm = false },
      expect = { alerts = {} },
    },
    {
      name = "少一个就来不及",
      context = { as_of = "2018-10-01" },
      given = {
        count = { stations_opened = 30 },
        gained = { stations_opened = 30 },
        plan = { stations_opened = { target = 122, due = "2018-12-31" } },
      },
      expect = { alerts = { "behind_stations_opened" } },
    },
    {
      name = "进度来得及,临近期限时提示",
      context = { as_of = "2018-12-20" },
      given = {
        count = { volunteers = 100 },
        gained = { volunteers = 60 },
        plan = { volunteers = { target = 110, due = "2018-12-31" } },
      },
      expect = { alerts = { "due_soon_volunteers" } },
    },
    {
      name = "采用不晚于基准日期的最近一次数据",
      context = { as_of = "2018-08-31" },
      given = {
        count = { volunteers = 14 },
        figure = { built_up_residents = { ["2017-12-31"] = 100, ["2018-09-01"] = 1000 } },
      },
      expect = { indicators = { registered = "met" } },
    },
  },
}
