-- 志愿者注册工作通报:三项硬指标、服务站和服务活动在一页上。
-- 口径与 assessment 相同,见 scripts/library/indicators.lua。
local level_titles = { municipal = "市级", provincial = "省级", national = "全国" }

-- ---- 一、三:各区划一行、按比例排名的指标 ----

-- measure 取一个区划的分子分母;words 是表名、注和分母一列。返回表格、排好的各行和合计。
local function rate_section(region, rows, percent, measure, words)
  local indicators, list, cells = library.indicators, {}, {}
  local function item_of(row)
    local item = measure(row)
    item.id, item.name = row.id, row.name
    return item
  end
  local function row_of(item)
    return {
      region = item.id,
      county = item.name,
      registered = item.part,
      [words.whole] = item.whole,
      rate = item.whole and { item.part, item.whole },
      state = indicators.state(item.part, item.whole, percent),
      rank = item.rank,
      gap = indicators.gap(item.part, item.whole, percent),
    }
  end
  for i, row in ipairs(rows) do
    list[i] = item_of(row)
  end
  local ranked, total = indicators.rank(list), item_of(region)
  for i, item in ipairs(ranked) do
    cells[i] = row_of(item)
  end
  return {
    title = words.title,
    note = words.note,
    columns = {
      { name = "rank", title = "名次", kind = "rank" },
      { name = "county", title = "区划", kind = "text" },
      { name = "registered", title = "注册人数", kind = "number", counts = words.counts },
      { name = words.whole, title = words.whole_title, kind = "number", figure = words.figure },
      { name = "rate", title = "注册率", kind = "percent", counts = words.counts },
      { name = "state", title = "是否达标", kind = "state" },
      { name = "gap", title = "还差人数", kind = "number" },
    },
    rows = cells,
    total = row_of(total),
  }, ranked, total
end

local function registered_section(region, rows, percent)
  return rate_section(region, rows, percent, library.indicators.registered, {
    title = "建成区常住人口注册率",
    note = "指标：注册志愿者占城市建成区常住人口大于 " .. percent .. "%，恰好等于不算达标",
    whole = "residents",
    whole_title = "建成区常住人口",
    counts = "volunteers",
    figure = "built_up_residents",
  })
end

local function party_section(region, rows, percent)
  return rate_section(region, rows, percent, library.indicators.party_members, {
    title = "在职党员注册率",
    note = "指标：在职党员中的注册志愿者大于 " .. percent .. "%",
    whole = "members",
    whole_title = "在职党员",
    counts = "in_service_party_members",
    figure = "in_service_party_members",
  })
end

-- ---- 二、文明单位 ----

-- 单位所在的行(第几行):从所在区划逐级向上找;不在任何一行内的是本级单位,为 nil。
local function row_of_unit(unit, places)
  local region = unit.region
  while region do
    local place = places[region.id]
    if place then
      return place
    end
    region = region.parent
  end
  return nil
end

local function sum_of(name, units, percent, id)
  local sum = { id = id, name = name, part = 0, units = 0, reached = 0, without = 0 }
  for _, unit in ipairs(units) do
    sum.units = sum.units + 1
    if unit.whole then -- 报了零人的也算已报，与测评的口径一致
      sum.part, sum.whole = sum.part + unit.part, (sum.whole or 0) + unit.whole
    else
      sum.without = sum.without + 1
    end
    local state = library.indicators.state(unit.part, unit.whole, percent)
    sum.reached = sum.reached + (state == "met" and 1 or 0)
  end
  return sum
end

-- 单位按行归并
local function units_by_row(region, rows, units, percent)
  local places, lists, own, groups = {}, {}, {}, {}
  for i, row in ipairs(rows) do
    lists[i] = {}
    if #units > 0 then
      places[row.id] = i
    end
  end
  for _, unit in ipairs(units) do
    local place = row_of_unit(unit, places)
    local list = place and lists[place] or own
    list[#list + 1] = unit
  end
  for i, row in ipairs(rows) do
    groups[i] = sum_of(row.name, lists[i], percent, row.id)
  end
  if #own > 0 then
    groups[#groups + 1] = sum_of(region.level == "city" and "市直单位" or "本级单位", own, percent)
  end
  return groups, sum_of(region.name, units, percent)
end

-- 市级及以上各级之和
local function unit_counts(begin)
  return { begin .. "municipal", begin .. "provincial", begin .. "national" }
end

local function units_section(groups, total, percent)
  local indicators, cells = library.indicators, {}
  local function row_of(sum)
    return {
      region = sum.id,
      county = sum.name,
      units = sum.units,
      reached = sum.reached,
      without = sum.without,
      staff = sum.whole,
      registered = sum.part,
      rate = sum.whole and { sum.part, sum.whole },
      state = indicators.state(sum.part, sum.whole, percent),
      gap = indicators.gap(sum.part, sum.whole, percent),
    }
  end
  for i, sum in ipairs(groups) do
    cells[i] = row_of(sum)
  end
  return {
    title = "市级及以上文明单位干部职工注册率",
    note = "指标：各单位注册志愿者占干部职工大于 " .. percent .. "%；未报干部职工数的单位不计入比例",
    columns = {
      { name = "county", title = "区划", kind = "text" },
      { name = "units", title = "单位数", kind = "number", counts = unit_counts("units_") },
      { name = "reached", title = "达标单位", kind = "number" },
      { name = "without", title = "未报职工数", kind = "number", counts = unit_counts("units_without_staff_") },
      { name = "staff", title = "干部职工", kind = "number", counts = unit_counts("unit_staff_") },
      { name = "registered", title = "注册人数", kind = "number", counts = unit_counts("unit_volunteers_") },
      { name = "rate", title = "注册率", kind = "percent", counts = unit_counts("unit_volunteers_") },
      { name = "state", title = "是否达标", kind = "state" },
      { name = "gap", title = "还差人数", kind = "number" },
    },
    rows = cells,
    total = row_of(total),
  }
end

local function lagging_section(units, percent, limit)
  local indicators, cells = library.indicators, {}
  for i, unit in ipairs(units) do
    if i > limit then
      break
    end
    cells[i] = {
      organisation = unit.id,
      unit = unit.name,
      level = level_titles[unit.level],
      staff = unit.whole,
      registered = unit.part,
      rate = unit.whole and { unit.part, unit.whole },
      state = indicators.state(unit.part, unit.whole, percent),
      gap = indicators.gap(unit.part, unit.whole, percent),
    }
  end
  local more = #units - #cells
  return {
    title = "文明单位注册情况(从低到高)",
    note = more > 0 and "另有 " .. more .. " 个单位未列出" or nil,
    columns = {
      { name = "unit", title = "单位", kind = "text" },
      { name = "level", title = "称号级别", kind = "text" },
      { name = "staff", title = "干部职工", kind = "number", figure = "staff" },
      { name = "registered", title = "注册人数", kind = "number", counts = "volunteers" },
      { name = "rate", title = "注册率", kind = "percent", counts = "volunteers" },
      { name = "state", title = "是否达标", kind = "state" },
      { name = "gap", title = "还差人数", kind = "number" },
    },
    rows = cells,
  }
end

-- ---- 四、服务站 ----

local function stations_section(region, rows)
  local stations = library.stations
  local list, total, progress = stations.table_of(region, rows)
  return {
    title = "社区志愿服务站",
    note = stations.targets_text(progress),
    columns = stations.columns,
    rows = list,
    total = total,
  }, progress
end

-- ---- 五、服务活动 ----

local function service_section(region, rows, context)
  local months, cells = library.indicators.period_months(context), {}
  local function column(name, title, kind, counts)
    return {
      name = name, title = title, kind = kind, counts = counts,
      from = months and months.from, to = months and months.to,
    }
  end
  local function row_of(row)
    return {
      region = row.id,
      county = row.name,
      activities = months and row:count("activities", months) or row:count("activities"),
      records = months and row:count("records", months) or row:count("records"),
      hours = months and row:count("minutes", months) or row:count("minutes"),
    }
  end
  for i, row in ipairs(rows) do
    cells[i] = row_of(row)
  end
  return {
    title = "志愿服务活动",
    note = months and months.from .. " 至 " .. months.to or "历年累计",
    columns = {
      { name = "county", title = "区划", kind = "text" },
      column("activities", "活动数", "number", "activities"),
      column("records", "服务人次", "number", "records"),
      column("hours", "服务时长", "hours", "minutes"),
    },
    rows = cells,
    total = row_of(region),
  }
end

-- ---- 一览 ----

-- 每个区划一行:三项指标各是多少、达标几项、服务站建到哪里;按注册率排列。
local function overview_section(ranked, total, units, unit_total, party_ranked, party_total, stations, parameters)
  local indicators, party, cells = library.indicators, {}, {}
  for _, item in ipairs(party_ranked) do
    party[item.place] = item
  end
  local function met(item, percent)
    return indicators.state(item.part, item.whole, percent) == "met" and 1 or 0
  end
  local function rate(item)
    return item.whole and { item.part, item.whole }
  end
  local function row_of(item, unit, members, station)
    return {
      region = item.id,
      county = item.name,
      registered = item.part,
      rate = rate(item),
      gap = indicators.gap(item.part, item.whole, parameters.registered),
      units = rate(unit),
      party = rate(members),
      met = met(item, parameters.registered)
        + met(unit, parameters.unit_staff)
        + met(members, parameters.party_members),
      planned = station.planned,
      built = station.built,
      opened = station.opened,
    }
  end
  for i, item in ipairs(ranked) do
    local place = item.place
    cells[i] = row_of(item, units[place], party[place], stations.rows[place])
  end
  return {
    title = "三项硬指标与服务站一览",
    note = string.format(
      "指标：注册率大于 %d%%，文明单位大于 %d%%，在职党员大于 %d%%，恰好等于不算达标；还差为注册率达标还差的人数",
      parameters.registered, parameters.unit_staff, parameters.party_members
    ),
    columns = {
      { name = "county", title = "区划", kind = "text" },
      { name = "registered", title = "注册人数", kind = "number", counts = "volunteers" },
      { name = "rate", title = "注册率", kind = "percent", counts = "volunteers" },
      { name = "gap", title = "还差", kind = "number" },
      { name = "units", title = "文明单位", kind = "percent", counts = unit_counts("unit_volunteers_") },
      { name = "party", title = "在职党员", kind = "percent", counts = "in_service_party_members" },
      { name = "met", title = "达标项", kind = "number" },
      { name = "planned", title = "计划站", kind = "number", counts = "stations_planned" },
      { name = "built", title = "建成", kind = "number", counts = "stations_built" },
      { name = "opened", title = "投用", kind = "number", counts = "stations_opened" },
    },
    rows = cells,
    total = row_of(total, unit_total, party_total, stations.total),
  }
end

-- ---- 图与文字 ----

local function rate_series(title, list, percent)
  local points = {}
  for i, item in ipairs(list) do
    points[i] = { label = item.name, value = item.whole and { item.part, item.whole } }
  end
  return { title = title, kind = "bar", unit = "%", target = percent, points = points }
end

local function verdict(item, percent)
  local indicators = library.indicators
  local state = indicators.state(item.part, item.whole, percent)
  if state == "met" then
    return "已达到大于 " .. percent .. "% 的要求"
  end
  return "未达到大于 " .. percent .. "% 的要求，还差 " .. indicators.gap(item.part, item.whole, percent) .. " 人"
end

-- 领先者与落后者
local function ends_text(ranked, percent)
  local indicators, known = library.indicators, {}
  for _, item in ipairs(ranked) do
    if item.rank then
      known[#known + 1] = item
    end
  end
  if #known < 2 then
    return ""
  end
  local best, worst = known[1], known[#known]
  if best.part * worst.whole == worst.part * best.whole then
    return "各区划均为 " .. indicators.percent_text(best.part, best.whole) .. "。"
  end
  local text = string.format(
    "其中%s最高，为 %s；%s最低，为 %s",
    best.name, indicators.percent_text(best.part, best.whole),
    worst.name, indicators.percent_text(worst.part, worst.whole)
  )
  local gap = indicators.gap(worst.part, worst.whole, percent)
  return text .. (gap > 0 and "，还差 " .. gap .. " 人。" or "。")
end

local function registered_text(region, context, ranked, total, percent)
  local indicators = library.indicators
  local begin = string.format(
    "截至%s，%s共有注册志愿者 %d 人", indicators.chinese_date(context.as_of), region.name, total.part
  )
  if not total.whole or total.whole <= 0 then
    return begin .. "，尚无城市建成区常住人口数据，无法计算注册率。" .. ends_text(ranked, percent)
  end
  return string.format(
    "%s，占城市建成区常住人口的 %s，%s。%s",
    begin, indicators.percent_text(total.part, total.whole), verdict(total, percent), ends_text(ranked, percent)
  )
end

local function units_text(total, percent)
  if total.units == 0 then
    return "尚无市级及以上文明单位。"
  end
  local text = string.format(
    "市级及以上文明单位 %d 个，干部职工注册率大于 %d%% 的 %d 个", total.units, percent, total.reached
  )
  if total.without > 0 then
    text = text .. string.format("，%d 个未报干部职工数", total.without)
  end
  if total.whole and total.whole > 0 then
    local rate = library.indicators.percent_text(total.part, total.whole)
    text = text .. "；合计注册率 " .. rate .. "，" .. verdict(total, percent)
  end
  return text .. "。"
end

local function party_text(ranked, total, percent)
  if not total.whole or total.whole <= 0 then
    return "尚无在职党员数据。" .. ends_text(ranked, percent)
  end
  return string.format(
    "在职党员注册志愿者 %d 人，占在职党员的 %s，%s。%s",
    total.part, library.indicators.percent_text(total.part, total.whole), verdict(total, percent),
    ends_text(ranked, percent)
  )
end

return {
  name = "bulletin_registration",
  kind = "bulletin",
  title = "志愿者注册工作通报",
  uses = { "indicators", "stations" },
  describe = {
    registered = { title = "注册志愿者占建成区常住人口须大于", unit = "%" },
    unit_staff = { title = "文明单位注册志愿者占干部职工须大于", unit = "%" },
    party_members = { title = "注册志愿者占在职党员须大于", unit = "%" },
    units_listed = { title = "列出的文明单位", unit = "个" },
  },
  parameters = {
    ["2018-01-01"] = { registered = 13, unit_staff = 50, party_members = 90, units_listed = 15 },
  },
  decide = function(region, parameters, context)
    local indicators = library.indicators
    local rows = indicators.rows_of(region)
    local units = indicators.unit_list(region)
    local groups, unit_total = units_by_row(region, rows, units, parameters.unit_staff)
    local registered, ranked, total = registered_section(region, rows, parameters.registered)
    local party, party_ranked, party_total = party_section(region, rows, parameters.party_members)
    local stations, progress = stations_section(region, rows)
    local sections = {
      overview_section(ranked, total, groups, unit_total, party_ranked, party_total, stations, parameters),
      registered,
      units_section(groups, unit_total, parameters.unit_staff),
    }
    if #units > 0 then
      sections[#sections + 1] = lagging_section(units, parameters.unit_staff, parameters.units_listed)
    end
    sections[#sections + 1] = party
    sections[#sections + 1] = stations
    sections[#sections + 1] = service_section(region, rows, context)
    return {
      title = region.name .. "志愿者注册工作通报",
      sections = sections,
      series = {
        rate_series("建成区常住人口注册率", ranked, parameters.registered),
        rate_series("市级及以上文明单位干部职工注册率", groups, parameters.unit_staff),
        rate_series("在职党员注册率", party_ranked, parameters.party_members),
      },
      text = {
        registered_text(region, context, ranked, total, parameters.registered),
        units_text(unit_total, parameters.unit_staff),
        party_text(party_ranked, party_total, parameters.party_members),
        library.stations.progress_text(progress, context.as_of),
      },
    }
  end,
  cases = {
    {
      name = "两区两率一页：恰好 13.00 % 未达标，多一人达标",
      context = { as_of = "2018-08-31" },
      given = {
        name = "天水市",
        level = "city",
        count = { volunteers = 26001, in_service_party_members = 1810 },
        figure = { built_up_residents = 200000, in_service_party_members = 2000 },
        children = {
          {
            name = "秦州区",
            count = { volunteers = 13000, in_service_party_members = 900 },
            figure = { built_up_residents = 100000, in_service_party_members = 1000 },
          },
          {
            name = "麦积区",
            count = { volunteers = 13001, in_service_party_members = 910 },
            figure = { built_up_residents = 100000, in_service_party_members = 1000 },
          },
          { name = "清水县", count = { volunteers = 10 } },
          { name = "秦安县", count = { volunteers = 5 }, figure = { built_up_residents = 0 } },
        },
      },
      expect = {
        title = "天水市志愿者注册工作通报",
        sections = {
          ["三项硬指标与服务站一览"] = {
            rows = 4,
            ["秦州区"] = { registered = 13000, rate = { 13000, 100000 }, gap = 1, units = false, met = 0 },
            ["麦积区"] = { party = { 910, 1000 }, met = 2, planned = 0 },
            ["清水县"] = { rate = false, gap = false, party = false, met = 0 },
            total = { rate = { 26001, 200000 }, met = 2 },
          },
          ["建成区常住人口注册率"] = {
            rows = 4,
            ["秦州区"] = { registered = 13000, rate = { 13000, 100000 }, state = "not_met", rank = 2, gap = 1 },
            ["麦积区"] = { rate = { 13001, 100000 }, state = "met", rank = 1, gap = 0 },
            ["清水县"] = { residents = false, rate = false, state = "no_data", rank = false, gap = false },
            ["秦安县"] = { rate = { 5, 0 }, state = "no_data", rank = false, gap = false },
            total = { registered = 26001, residents = 200000, state = "met", gap = 0 },
          },
          ["在职党员注册率"] = {
            ["秦州区"] = { rate = { 900, 1000 }, state = "not_met", gap = 1, rank = 2 },
            ["麦积区"] = { state = "met", gap = 0, rank = 1 },
            total = { rate = { 1810, 2000 }, state = "met" },
          },
        },
        series = {
          ["建成区常住人口注册率"] = { ["秦州区"] = { 13000, 100000 }, ["麦积区"] = { 13001, 100000 }, ["清水县"] = false },
          ["在职党员注册率"] = { ["秦州区"] = { 900, 1000 } },
        },
        text = {
          "截至2018年8月31日，天水市共有注册志愿者 26001 人，占城市建成区常住人口的 13.00%，已达到大于 13% 的要求。",
          "其中麦积区最高，为 13.00%；秦州区最低，为 13.00%，还差 1 人。",
          "在职党员注册志愿者 1810 人，占在职党员的 90.50%",
          "尚无市级及以上文明单位。",
        },
      },
    },
    {
      name = "比例一样高的同名次，下一名次空出",
      given = {
        name = "天水市",
        level = "city",
        children = {
          { name = "甲", count = { volunteers = 20 }, figure = { built_up_residents = 100 } },
          { name = "乙", count = { volunteers = 10 }, figure = { built_up_residents = 50 } },
          { name = "丙", count = { volunteers = 30 }, figure = { built_up_residents = 100 } },
          { name = "丁", count = { volunteers = 1 }, figure = { built_up_residents = 100 } },
        },
      },
      expect = {
        sections = {
          ["建成区常住人口注册率"] = {
            ["丙"] = { rank = 1 },
            ["甲"] = { rank = 2 },
            ["乙"] = { rank = 2 },
            ["丁"] = { rank = 4, gap = 13 },
            total = { state = "no_data", rank = false },
          },
        },
        text = { "尚无城市建成区常住人口数据，无法计算注册率。其中丙最高，为 30.00%；丁最低，为 1.00%，还差 13 人。" },
      },
    },
    {
      name = "文明单位：从低到高，未报职工数的在最后，市直单位单列",
      given = {
        name = "天水市",
        level = "city",
        units = {
          {
            name = "电力公司",
            region = { id = "620500000000" },
            titles = { { title = "unit", level = "national", on = "2015-01-01" } },
            count = { volunteers = 50 },
            figure = { staff = 100 },
          },
          {
            name = "区税务局",
            region = { id = "620502000000", parent = { id = "620500000000" } },
            titles = { { title = "unit", level = "municipal", on = "2015-01-01" } },
            count = { volunteers = 51 },
            figure = { staff = 100 },
          },
          {
            name = "区医院",
            region = { id = "620502001000", parent = { id = "620502000000" } },
            titles = { { title = "unit", level = "provincial", on = "2015-01-01" } },
            count = { volunteers = 7 },
          },
          {
            name = "县级单位",
            region = { id = "620502000000" },
            titles = { { title = "unit", level = "county", on = "2015-01-01" } },
            figure = { staff = 10 },
          },
        },
        children = {
          { id = "620502000000", name = "秦州区" },
          { id = "620503000000", name = "麦积区" },
        },
      },
      parameters = { units_listed = 2 },
      expect = {
        sections = {
          ["市级及以上文明单位干部职工注册率"] = {
            rows = 3,
            ["秦州区"] = { units = 2, reached = 1, without = 1, staff = 100, registered = 51, state = "met" },
            ["麦积区"] = { units = 0, reached = 0, staff = false, state = "no_data" },
            ["市直单位"] = { units = 1, reached = 0, rate = { 50, 100 }, state = "not_met", gap = 1 },
            total = { units = 3, reached = 1, without = 1, staff = 200, registered = 101, state = "met" },
          },
          ["文明单位注册情况(从低到高)"] = {
            rows = 2,
            note = "另有 1 个单位未列出",
            ["电力公司"] = { level = "全国", rate = { 50, 100 }, state = "not_met", gap = 1 },
            ["区税务局"] = { level = "市级", state = "met", gap = 0 },
          },
        },
        text = { "市级及以上文明单位 3 个，干部职工注册率大于 50% 的 1 个，1 个未报干部职工数；合计注册率 50.50%" },
      },
    },
    {
      name = "干部职工报为零的单位与测评一样计入合计，不算未报",
      given = {
        id = "620502000000",
        name = "秦州区",
        level = "county",
        units = {
          {
            name = "甲",
            region = { id = "620502000000" },
            titles = { { title = "unit", level = "municipal", on = "2015-01-01" } },
            count = { volunteers = 3 },
            figure = { staff = 0 },
          },
          {
            name = "乙",
            region = { id = "620502000000" },
            titles = { { title = "unit", level = "municipal", on = "2015-01-01" } },
            count = { volunteers = 4 },
            figure = { staff = 10 },
          },
        },
      },
      expect = {
        sections = {
          ["市级及以上文明单位干部职工注册率"] = {
            total = { units = 2, without = 0, staff = 10, registered = 7, state = "met" },
          },
          ["文明单位注册情况(从低到高)"] = { ["甲"] = { rate = { 3, 0 }, state = "no_data" } },
        },
      },
    },
    {
      name = "服务站：全市建成 122 个，两区投入使用 82 个",
      context = { as_of = "2018-11-30" },
      given = {
        name = "天水市",
        level = "city",
        count = { stations_planned = 123, stations_built = 100, stations_opened = 82 },
        plan = { stations_built = { target = 122, due = "2018-12-31" } },
        children = {
          {
            name = "秦州区",
            count = { stations_planned = 47, stations_built = 47, stations_opened = 47 },
            plan = { stations_opened = { target = 47, due = "2018-10-31" } },
          },
          {
            name = "麦积区",
            count = { stations_planned = 35, stations_built = 35, stations_opened = 35 },
            plan = { stations_opened = { target = 35, due = "2018-10-31" } },
          },
          { name = "清水县", count = { stations_planned = 41, stations_built = 18 } },
        },
      },
      expect = {
        sections = {
          ["社区志愿服务站"] = {
            note = "建成目标 122 个，期限 2018年12月31日；秦州区、麦积区投入使用目标 82 个，期限 2018年10月31日",
            ["秦州区"] = { opened = 47, target_opened = 47, lack_opened = 0, target_built = false },
            total = { built = 100, target_built = 122, lack_built = 22, target_opened = 82, lack_opened = 0 },
          },
        },
        text = { "建成服务站 100 个，目标 122 个，还差 22 个；秦州区、麦积区投入使用 82 个，目标 82 个，已完成。" },
      },
    },
    {
      name = "期间的服务活动按整月统计",
      context = { as_of = "2018-09-15", period = "2018-08" },
      given = {
        name = "武山县",
        level = "county",
        count = {
          activities = { { value = 9 }, { from = "2018-08-01", to = "2018-08-31", value = 3 } },
          minutes = { { value = 9000 }, { from = "2018-08-01", to = "2018-08-31", value = 600 } },
          records = { { from = "2018-08-01", to = "2018-08-31", value = 5 } },
        },
      },
      expect = {
        sections = {
          ["志愿服务活动"] = {
            rows = 1,
            note = "2018-08-01 至 2018-08-31",
            total = { activities = 3, records = 5, hours = 600 },
          },
        },
      },
    },
    {
      name = "闰年二月到二十九日，没有写明期间时从年初算起",
      context = { as_of = "2020-02-29" },
      given = {
        name = "武山县",
        count = { activities = { { from = "2020-01-01", to = "2020-02-29", value = 2 } } },
      },
      expect = { sections = { ["志愿服务活动"] = { total = { activities = 2 } } } },
    },
    {
      name = "各区划一样高时不分先后",
      given = {
        name = "天水市",
        level = "city",
        children = {
          { name = "甲", figure = { built_up_residents = 100 } },
          { name = "乙", figure = { built_up_residents = 50 } },
        },
      },
      expect = {
        sections = { ["建成区常住人口注册率"] = { ["甲"] = { rank = 1 }, ["乙"] = { rank = 1 } } },
        text = { "无法计算注册率。各区划均为 0.00%。" },
      },
    },
    {
      name = "全市未达标，还差的人数写明",
      given = {
        name = "天水市",
        level = "city",
        count = { volunteers = 10 },
        figure = { built_up_residents = 100 },
      },
      expect = { text = { "未达到大于 13% 的要求，还差 4 人" } },
    },
    {
      name = "空白的城市也能印出",
      given = { name = "天水市", level = "city" },
      expect = {
        sections = {
          ["建成区常住人口注册率"] = { rows = 1, total = { registered = 0, state = "no_data" } },
          ["社区志愿服务站"] = { total = { planned = 0, target_built = false, lack_built = false } },
        },
        text = { "尚无在职党员数据。" },
      },
    },
  },
}
