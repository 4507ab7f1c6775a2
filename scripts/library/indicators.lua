-- 三项硬指标的共用算法:测评规则与各通报都用它,口径因此一致。
-- 全部用整数交叉相乘,不用小数;“大于”是严格大于,恰好等于不算达标;没有分母或分母为零是“无数据”,不算达标。
local unit_levels = { "municipal", "provincial", "national" }

-- ---- 比例 ----

-- part 占 whole 是否大于 percent %:met、not_met 或 no_data
local function state(part, whole, percent)
  if not whole or whole <= 0 then
    return "no_data"
  end
  return 100 * part > percent * whole and "met" or "not_met"
end

-- 还差几人:使 100 *(part + n)> percent * whole 成立的最小 n;无数据时为 nil
local function gap(part, whole, percent)
  if not whole or whole <= 0 then
    return nil
  end
  local needed = percent * whole // 100 + 1 - part
  return needed > 0 and needed or 0
end

-- “13.05%”:两位小数,只舍不入;无数据时为 nil
local function percent_text(part, whole)
  if not whole or whole <= 0 then
    return nil
  end
  local hundredths = part * 10000 // whole
  return string.format("%d.%02d%%", hundredths // 100, hundredths % 100)
end

-- 甲的比例高于乙为 true;一样高时看原来的次序
local function is_higher(a, b)
  local left, right = a.part * b.whole, b.part * a.whole
  if left ~= right then
    return left > right
  end
  return a.place < b.place
end

-- 按比例从高到低排名:同率同名次,下一名次空出;无数据的没有名次,排在最后。
-- list 的每一项有 part、whole;返回排好的新表,各项另有 rank。
local function rank(list)
  local known, unknown = {}, {}
  for place, item in ipairs(list) do
    item.place = place
    item.rank = nil
    local target = item.whole and item.whole > 0 and known or unknown
    target[#target + 1] = item
  end
  table.sort(known, is_higher)
  for i, item in ipairs(known) do
    local before = known[i - 1]
    local same = before and before.part * item.whole == item.part * before.whole
    item.rank = same and before.rank or i
  end
  for _, item in ipairs(unknown) do
    known[#known + 1] = item
  end
  return known
end

-- ---- 三项指标的分子与分母 ----

-- 指标一:注册志愿者占城市建成区常住人口
local function registered(region)
  return { part = region:count("volunteers"), whole = region:figure("built_up_residents") }
end

-- 指标二(区划):市级及以上文明单位中注册志愿者占干部职工;未报干部职工数的单位另计
local function units(region)
  local sum = { units = 0, without_staff = 0, part = 0, whole = 0 }
  for _, level in ipairs(unit_levels) do
    sum.units = sum.units + region:count("units_" .. level)
    sum.without_staff = sum.without_staff + region:count("units_without_staff_" .. level)
    sum.whole = sum.whole + region:count("unit_staff_" .. level)
    sum.part = sum.part + region:count("unit_volunteers_" .. level)
  end
  return sum
end

-- 单位所持文明单位称号的级别;不是市级及以上时为 nil
local function unit_level(organisation)
  for _, held in ipairs(organisation.titles) do
    for _, level in ipairs(unit_levels) do
      if held.title == "unit" and held.level == level then
        return level
      end
    end
  end
  return nil
end

-- 指标二(单位):本单位注册志愿者占干部职工
local function staff(organisation)
  return { part = organisation:count("volunteers"), whole = organisation:figure("staff") }
end

-- 指标三:在职党员中的注册志愿者占在职党员
local function party_members(subject)
  return {
    part = subject:count("in_service_party_members"),
    whole = subject:figure("in_service_party_members"),
  }
end

-- ---- 通报用 ----

-- 分行统计的对象:直接下级;没有下级时为本级自己
local function rows_of(region)
  local children = region.children
  return #children > 0 and children or { region }
end

-- 市级及以上文明单位一览,比例低的在前,未报干部职工数的在最后
local function unit_list(region)
  local list = {}
  for _, unit in ipairs(region.units) do
    local level = unit_level(unit)
    if level then
      local item = staff(unit)
      item.id, item.name = unit.id, unit.name
      item.region = unit.region
      item.level = level
      list[#list + 1] = item
    end
  end
  local ranked, worst_first = rank(list), {}
  for i = #ranked, 1, -1 do
    if ranked[i].rank then
      worst_first[#worst_first + 1] = ranked[i]
    end
  end
  for _, item in ipairs(ranked) do
    if not item.rank then
      worst_first[#worst_first + 1] = item
    end
  end
  return worst_first
end

local function chinese_date(date)
  return string.format("%d年%d月%d日", tonumber(date:sub(1, 4)), tonumber(date:sub(6, 7)), tonumber(date:sub(9, 10)))
end

local month_days = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }

local function last_day(year, month)
  local leap = month == 2 and year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
  return month_days[month] + (leap and 1 or 0)
end

local function months(year, first, last)
  return {
    from = string.format("%04d-%02d-01", year, first),
    to = string.format("%04d-%02d-%02d", year, last, last_day(year, last)),
  }
end

-- "2018-02" 的最后一天
local function last_date(month)
  return month .. string.format("-%02d", last_day(tonumber(month:sub(1, 4)), tonumber(month:sub(6, 7))))
end

-- 某日所在的月
local function month_of_date(date)
  return months(tonumber(date:sub(1, 4)), tonumber(date:sub(6, 7)), tonumber(date:sub(6, 7)))
end

-- 通报期间的整月:"2018-08"、"2018-Q3"、"2018";没有写明时为基准日期所在年份至该月
local function period_months(context)
  local period, year = context.period, context.year
  if not period then
    return months(year, 1, tonumber(context.as_of:sub(6, 7)))
  end
  local digits = tonumber(period:sub(1, 4))
  local month, quarter = tonumber(period:match("^%d%d%d%d%-(%d%d)$")), tonumber(period:match("^%d%d%d%d%-Q(%d)$"))
  if digits and month and month >= 1 and month <= 12 then
    return months(digits, month, month)
  elseif digits and quarter and quarter >= 1 and quarter <= 4 then
    return months(digits, quarter * 3 - 2, quarter * 3)
  elseif period:match("^%d%d%d%d$") then
    return months(digits, 1, 12)
  end
  return nil
end

return {
  state = state,
  gap = gap,
  percent_text = percent_text,
  rank = rank,
  registered = registered,
  units = units,
  unit_level = unit_level,
  staff = staff,
  party_members = party_members,
  rows_of = rows_of,
  unit_list = unit_list,
  chinese_date = chinese_date,
  period_months = period_months,
  last_date = last_date,
  month_of_date = month_of_date,
}
