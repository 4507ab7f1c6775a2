-- 三项硬指标测评通报:各区划逐项是否达标、还差多少人,达标情况一览。
-- 口径与 assessment 相同,见 scripts/library/indicators.lua。
local items = {
  { id = "registered", title = "建成区注册率", of = "registered", counts = "volunteers" },
  {
    id = "unit_staff",
    title = "文明单位注册率",
    of = "units",
    counts = { "unit_volunteers_municipal", "unit_volunteers_provincial", "unit_volunteers_national" },
  },
  { id = "party_members", title = "在职党员注册率", of = "party_members", counts = "in_service_party_members" },
}

local function columns()
  local list = { { name = "county", title = "区划", kind = "text" } }
  for _, item in ipairs(items) do
    list[#list + 1] = { name = item.id, title = item.title, kind = "percent", counts = item.counts }
    list[#list + 1] = { name = item.id .. "_state", title = "达标", kind = "state" }
    list[#list + 1] = { name = item.id .. "_gap", title = "还差人数", kind = "number" }
  end
  list[#list + 1] = { name = "met", title = "达标项数", kind = "number" }
  return list
end

-- 一行:三项的比例、状态和差额;另记各项原始数,供作图和行文
local function assess(region, parameters)
  local indicators = library.indicators
  local row, figures = { region = region.id, county = region.name, met = 0 }, { name = region.name }
  for _, item in ipairs(items) do
    local figure = indicators[item.of](region)
    local whole = figure.whole and figure.whole > 0 and figure.whole or nil
    local state = indicators.state(figure.part, whole, parameters[item.id])
    row[item.id] = whole and { figure.part, whole }
    row[item.id .. "_state"] = state
    row[item.id .. "_gap"] = indicators.gap(figure.part, whole, parameters[item.id])
    row.met = row.met + (state == "met" and 1 or 0)
    figures[item.id] = { name = region.name, part = figure.part, whole = whole }
  end
  return row, figures
end

local function summary_section(rows, total, parameters)
  local cells = {}
  for i, item in ipairs(items) do
    local met, not_met, no_data = 0, 0, 0
    for _, row in ipairs(rows) do
      local state = row[item.id .. "_state"]
      met = met + (state == "met" and 1 or 0)
      not_met = not_met + (state == "not_met" and 1 or 0)
      no_data = no_data + (state == "no_data" and 1 or 0)
    end
    cells[i] = {
      indicator = item.title,
      target = "> " .. parameters[item.id] .. "%",
      rate = total[item.id],
      state = total[item.id .. "_state"],
      gap = total[item.id .. "_gap"],
      met = met,
      not_met = not_met,
      no_data = no_data,
    }
  end
  return {
    title = "总体情况",
    columns = {
      { name = "indicator", title = "指标", kind = "text" },
      { name = "target", title = "要求", kind = "text" },
      { name = "rate", title = "全域", kind = "percent" },
      { name = "state", title = "是否达标", kind = "state" },
      { name = "gap", title = "还差人数", kind = "number" },
      { name = "met", title = "达标区划", kind = "number" },
      { name = "not_met", title = "未达标区划", kind = "number" },
      { name = "no_data", title = "无数据区划", kind = "number" },
    },
    rows = cells,
  }
end

local function series_of(item, figures, percent)
  local points = {}
  for i, figure in ipairs(figures) do
    local of = figure[item.id]
    points[i] = { label = figure.name, value = of.whole and { of.part, of.whole } }
  end
  return { title = item.title, kind = "bar", unit = "%", target = percent, points = points }
end

local function overall_text(region, total, context)
  local missing = {}
  for _, item in ipairs(items) do
    local state, gap = total[item.id .. "_state"], total[item.id .. "_gap"]
    if state == "not_met" then
      missing[#missing + 1] = item.title .. "还差 " .. gap .. " 人"
    elseif state == "no_data" then
      missing[#missing + 1] = item.title .. "无数据"
    end
  end
  local text = string.format(
    "截至%s，%s三项指标达标 %d 项",
    library.indicators.chinese_date(context.as_of), region.name, total.met
  )
  return text .. (#missing > 0 and "：" .. table.concat(missing, "，") .. "。" or "。")
end

-- 全部达标的与一项都不达标的区划
local function counties_text(rows)
  local all, none = {}, {}
  for _, row in ipairs(rows) do
    local target = row.met == #items and all or row.met == 0 and none or nil
    if target then
      target[#target + 1] = row.county
    end
  end
  local text = #all > 0 and "三项全部达标的有" .. table.concat(all, "、") or "尚无三项全部达标的区划"
  if #none > 0 then
    text = text .. "；一项都未达标的有" .. table.concat(none, "、")
  end
  return text .. "。"
end

return {
  name = "bulletin_assessment",
  kind = "bulletin",
  title = "三项指标测评通报",
  uses = { "indicators" },
  describe = {
    registered = { title = "注册志愿者占建成区常住人口须大于", unit = "%" },
    unit_staff = { title = "文明单位注册志愿者占干部职工须大于", unit = "%" },
    party_members = { title = "注册志愿者占在职党员须大于", unit = "%" },
  },
  parameters = {
    ["2018-01-01"] = { registered = 13, unit_staff = 50, party_members = 90 },
  },
  decide = function(region, parameters, context)
    local rows, figures = {}, {}
    for i, child in ipairs(library.indicators.rows_of(region)) do
      rows[i], figures[i] = assess(child, parameters)
    end
    local total = assess(region, parameters)
    local series = {}
    for i, item in ipairs(items) do
      series[i] = series_of(item, figures, parameters[item.id])
    end
    return {
      title = region.name .. "志愿服务三项指标测评通报",
      sections = {
        summary_section(rows, total, parameters),
        {
          title = "各区划达标情况",
          note = "均为严格大于；没有分母的为无数据，不算达标",
          columns = columns(),
          rows = rows,
          total = total,
        },
      },
      series = series,
      text = { overall_text(region, total, context), counties_text(rows) },
    }
  end,
  cases = {
    {
      name = "一区全部达标，一区恰好都等于、一项都不达标",
      context = { as_of = "2018-12-31" },
      given = {
        name = "天水市",
        level = "city",
        count = {
          volunteers = 26001,
          in_service_party_members = 1801,
          unit_staff_municipal = 400,
          unit_volunteers_municipal = 200,
        },
        figure = { built_up_residents = 200000, in_service_party_members = 2000 },
        children = {
          {
            name = "秦州区",
            count = {
              volunteers = 13001,
              in_service_party_members = 901,
              unit_staff_national = 200,
              unit_volunteers_national = 101,
            },
            figure = { built_up_residents = 100000, in_service_party_members = 1000 },
          },
          {
            name = "麦积区",
            count = {
              volunteers = 13000,
              in_service_party_members = 900,
              unit_staff_municipal = 200,
              unit_volunteers_municipal = 100,
            },
            figure = { built_up_residents = 100000, in_service_party_members = 1000 },
          },
          { name = "清水县" },
        },
      },
      expect = {
        title = "天水市志愿服务三项指标测评通报",
        sections = {
          ["总体情况"] = {
            rows = 3,
            ["建成区注册率"] = { target = "> 13%", state = "met", gap = 0, met = 1, not_met = 1, no_data = 1 },
            ["文明单位注册率"] = { rate = { 200, 400 }, state = "not_met", gap = 1 },
            ["在职党员注册率"] = { state = "met", met = 1 },
          },
          ["各区划达标情况"] = {
            rows = 3,
            ["秦州区"] = { registered = { 13001, 100000 }, registered_state = "met", met = 3 },
            ["麦积区"] = { registered_gap = 1, unit_staff_gap = 1, party_members_gap = 1, met = 0 },
            ["清水县"] = { registered = false, unit_staff_state = "no_data", party_members_gap = false },
            total = { met = 2, unit_staff_state = "not_met" },
          },
        },
        series = {
          ["文明单位注册率"] = { ["秦州区"] = { 101, 200 }, ["清水县"] = false },
        },
        text = {
          "截至2018年12月31日，天水市三项指标达标 2 项：文明单位注册率还差 1 人。",
          "三项全部达标的有秦州区；一项都未达标的有麦积区、清水县。",
        },
      },
    },
    {
      name = "分母为零是无数据",
      given = {
        name = "秦州区",
        level = "county",
        count = { volunteers = 5 },
        figure = { built_up_residents = 0, in_service_party_members = 0 },
      },
      expect = {
        sections = { ["各区划达标情况"] = { rows = 1, total = { registered_state = "no_data", met = 0 } } },
        text = { "三项指标达标 0 项：建成区注册率无数据，文明单位注册率无数据，在职党员注册率无数据。" },
      },
    },
    {
      name = "三项全部达标",
      given = {
        name = "秦州区",
        level = "county",
        count = {
          volunteers = 14,
          in_service_party_members = 91,
          unit_staff_municipal = 10,
          unit_volunteers_municipal = 6,
        },
        figure = { built_up_residents = 100, in_service_party_members = 100 },
      },
      expect = { text = { "三项指标达标 3 项。", "三项全部达标的有秦州区。" } },
    },
    {
      name = "城市改了要求就按新要求",
      given = { name = "秦州区", count = { volunteers = 10 }, figure = { built_up_residents = 100 } },
      parameters = { registered = 9 },
      expect = {
        sections = { ["总体情况"] = { ["建成区注册率"] = { target = "> 9%", state = "met" } } },
      },
    },
  },
}
