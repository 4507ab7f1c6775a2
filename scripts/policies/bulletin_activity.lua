-- 志愿服务活动通报:期间内的活动、服务、需求、走访、满意度,近十二个月是否常态化,以及更正与撤销。
-- 各列都写明数的是什么(counts),由程序逐级下钻到区县、乡镇街道、社区和每一条记录。
local ratings = { "ratings_1", "ratings_2", "ratings_3", "ratings_4", "ratings_5" }

local function service_section(region, rows, months)
  local column = library.tables.column
  return library.tables.by_region(region, rows, {
    title = "活动与服务",
    note = months.from .. " 至 " .. months.to,
    columns = {
      column("activities", "活动数", "number", "activities", months),
      column("records", "服务人次", "number", "records", months),
      column("hours", "服务时长", "hours", "minutes", months),
      column("households", "入户数", "number", "households", months),
      column("corrected", "更正记录", "number", "records_corrected", months),
      column("revoked", "撤销记录", "number", "records_revoked", months),
    },
  }, function(item)
    return {
      activities = item:count("activities", months),
      records = item:count("records", months),
      hours = item:count("minutes", months),
      households = item:count("households", months),
      corrected = item:count("records_corrected", months),
      revoked = item:count("records_revoked", months),
    }
  end)
end

local function needs_section(region, rows, months)
  local column = library.tables.column
  return library.tables.by_region(region, rows, {
    title = "需求与走访",
    note = "需求按提出的月份;解决率为期间内提出的需求中已经解决的",
    columns = {
      column("filed", "提出需求", "number", "needs_filed", months),
      column("open", "尚未办结", "number", "needs_open", months),
      column("met", "解决率", "percent", "needs_met", months),
      column("visits", "走访", "number", "visits", months),
      column("missed", "漏访", "number", "visits_missed", months),
    },
  }, function(item)
    local filed = item:count("needs_filed", months)
    return {
      filed = filed,
      open = item:count("needs_open", months),
      met = filed > 0 and { item:count("needs_met", months), filed } or nil,
      visits = item:count("visits", months),
      missed = item:count("visits_missed", months),
    }
  end)
end

local function satisfaction_section(region, rows, months)
  local column = library.tables.column
  return library.tables.by_region(region, rows, {
    title = "服务对象评价",
    note = "满意率:四分、五分占全部评价",
    columns = {
      column("ratings", "评价数", "number", ratings, months),
      column("satisfied", "满意率", "percent", { "ratings_4", "ratings_5" }, months),
      column("low", "一分二分", "number", { "ratings_1", "ratings_2" }, months),
    },
  }, function(item)
    local n = {}
    for i, name in ipairs(ratings) do
      n[i] = item:count(name, months)
    end
    local all = n[1] + n[2] + n[3] + n[4] + n[5]
    return { ratings = all, satisfied = all > 0 and { n[4] + n[5], all } or nil, low = n[1] + n[2] }
  end)
end

-- ---- 常态化 ----

-- 到期间最后一个月为止的若干个月
local function last_months(months, n)
  local last, list = tonumber(months.to:sub(1, 4)) * 12 + tonumber(months.to:sub(6, 7)) - 1, {}
  for i = 1, n do
    local number = last - n + i
    local label = string.format("%04d-%02d", number // 12, number % 12 + 1)
    list[i] = { label = label, from = label .. "-01", to = library.indicators.last_date(label) }
  end
  return list
end

local function regularity_section(region, rows, year)
  local n = #year
  return library.tables.by_region(region, rows, {
    title = "常态化",
    note = string.format("近 %d 个月中有服务的月份数;每月都有为达标", n),
    columns = {
      { name = "served", title = "有服务的月份", kind = "number" },
      { name = "state", title = "是否常态", kind = "state" },
    },
  }, function(item)
    local served = 0
    for _, month in ipairs(year) do
      served = served + (item:count("records", { from = month.from, to = month.to }) > 0 and 1 or 0)
    end
    return { served = served, state = served == n and "met" or "not_met" }
  end)
end

-- ---- 图与文字 ----

local function bar(title, unit, rows, value)
  local points = {}
  for i, row in ipairs(rows) do
    points[i] = { label = row.county, value = value(row) }
  end
  return { title = title, kind = "bar", unit = unit, points = points }
end

local function line(region, year)
  local points = {}
  for i, month in ipairs(year) do
    points[i] = { label = month.label, value = region:count("minutes", { from = month.from, to = month.to }) // 60 }
  end
  return { title = "逐月服务时长", kind = "line", unit = "小时", points = points }
end

local function service_text(region, months, total)
  return string.format(
    "%s至%s，%s开展志愿服务活动 %d 场，服务 %d 人次、%d 小时。",
    library.indicators.chinese_date(months.from), library.indicators.chinese_date(months.to), region.name,
    total.activities, total.records, total.hours // 60
  )
end

local function needs_text(total)
  local text = "群众提出需求 " .. total.filed .. " 件"
  if total.met then
    text = text .. "，已解决 " .. library.indicators.percent_text(total.met[1], total.met[2])
  end
  return string.format("%s；走访 %d 次，漏访 %d 次。", text, total.visits, total.missed)
end

local function satisfaction_text(total)
  if not total.satisfied then
    return nil
  end
  return string.format(
    "服务对象评价 %d 次，满意率 %s。", total.ratings,
    library.indicators.percent_text(total.satisfied[1], total.satisfied[2])
  )
end

-- 没有做到每月都有服务的区划
local function regularity_text(rows, n)
  local names = {}
  for _, row in ipairs(rows) do
    if row.state ~= "met" then
      names[#names + 1] = row.county .. "（" .. row.served .. " 个月）"
    end
  end
  if #names == 0 then
    return string.format("近 %d 个月各区划每月都有志愿服务。", n)
  end
  return string.format("近 %d 个月未做到每月都有服务的有%s。", n, table.concat(names, "、"))
end

return {
  name = "bulletin_activity",
  kind = "bulletin",
  title = "志愿服务活动通报",
  uses = { "indicators", "tables" },
  describe = { months = { title = "看多少个月是否常态", unit = "个月", range = { 1, 24 } } },
  parameters = { ["2018-01-01"] = { months = 12 } },
  decide = function(region, parameters, context)
    local indicators = library.indicators
    local months = indicators.period_months(context) or indicators.month_of_date(context.as_of)
    local rows, year = indicators.rows_of(region), last_months(months, parameters.months)
    local service, service_rows, service_total = service_section(region, rows, months)
    local needs, _, needs_total = needs_section(region, rows, months)
    local satisfaction, _, satisfaction_total = satisfaction_section(region, rows, months)
    local regularity, regular_rows = regularity_section(region, rows, year)
    local text = { service_text(region, months, service_total), needs_text(needs_total) }
    text[#text + 1] = satisfaction_text(satisfaction_total)
    text[#text + 1] = regularity_text(regular_rows, parameters.months)
    return {
      title = region.name .. "志愿服务活动通报",
      sections = { service, needs, satisfaction, regularity },
      series = {
        bar("活动与服务", "小时", service_rows, function(row)
          return row.hours // 60
        end),
        line(region, year),
      },
      text = text,
    }
  end,
  cases = {
    {
      name = "八月:一区有活动有需求,一区什么也没有",
      context = { as_of = "2018-08-31", period = "2018-08" },
      given = {
        name = "天水市",
        level = "city",
        count = {
          activities = 3, records = 30, minutes = 3661, households = 4, records_revoked = 1,
          needs_filed = 4, needs_open = 1, needs_met = 3, visits = 9, visits_missed = 2,
          ratings_1 = 1, ratings_4 = 2, ratings_5 = 1,
        },
        children = {
          {
            name = "秦州区",
            count = {
              activities = 3, records = 30, minutes = 3661, needs_filed = 4, needs_met = 3,
              ratings_1 = 1, ratings_4 = 2, ratings_5 = 1,
            },
          },
          { name = "清水县" },
        },
      },
      expect = {
        title = "天水市志愿服务活动通报",
        sections = {
          ["活动与服务"] = {
            rows = 2,
            ["秦州区"] = { activities = 3, records = 30, hours = 3661 },
            ["清水县"] = { activities = 0, hours = 0 },
            total = { hours = 3661, households = 4, revoked = 1, corrected = 0 },
          },
          ["需求与走访"] = {
            ["秦州区"] = { filed = 4, met = { 3, 4 } },
            ["清水县"] = { met = false },
            total = { open = 1, visits = 9, missed = 2 },
          },
          ["服务对象评价"] = { ["秦州区"] = { ratings = 4, satisfied = { 3, 4 }, low = 1 }, ["清水县"] = { satisfied = false } },
          ["常态化"] = {
            ["秦州区"] = { served = 12, state = "met" },
            ["清水县"] = { served = 0, state = "not_met" },
          },
        },
        series = { ["活动与服务"] = { ["秦州区"] = 61, ["清水县"] = 0 }, ["逐月服务时长"] = { ["2018-08"] = 61, ["2017-09"] = 61 } },
        text = {
          "2018年8月1日至2018年8月31日，天水市开展志愿服务活动 3 场，服务 30 人次、61 小时。",
          "群众提出需求 4 件，已解决 75.00%；走访 9 次，漏访 2 次。",
          "服务对象评价 4 次，满意率 75.00%。",
          "近 12 个月未做到每月都有服务的有清水县（0 个月）。",
        },
      },
    },
    {
      name = "没有写期间时为当年至该月;没有评价不写满意率",
      context = { as_of = "2018-02-10" },
      given = { name = "秦州区", level = "county", count = { records = 1, minutes = 60 } },
      expect = {
        sections = {
          ["活动与服务"] = { note = "2018-01-01 至 2018-02-28", rows = 1 },
          ["服务对象评价"] = { total = { satisfied = false } },
        },
        text = { "2018年1月1日至2018年2月28日", "群众提出需求 0 件；走访 0 次，漏访 0 次。", "近 12 个月各区划每月都有志愿服务。" },
      },
    },
    {
      name = "期间写得不成样子时看当月",
      context = { as_of = "2018-02-10", period = "二月" },
      given = { name = "秦州区" },
      expect = { sections = { ["活动与服务"] = { note = "2018-02-01 至 2018-02-28" } } },
    },
    {
      name = "城市只看三个月,跨年",
      context = { as_of = "2018-01-31", period = "2018-01" },
      given = { name = "秦州区", count = { records = { { from = "2017-12-01", to = "2017-12-31", value = 2 } } } },
      parameters = { months = 3 },
      expect = {
        sections = { ["常态化"] = { ["秦州区"] = { served = 1, state = "not_met" } } },
        text = { "近 3 个月未做到每月都有服务的有秦州区（1 个月）。" },
      },
    },
  },
}
