-- 预警的共用算法:计划(plan.set)的期限、进度,和无数据。测评规则用它;一条预警在同一对象上只发一次,情况消除后自动解除。
-- 某一年以来的天数:用来算两个日期相差几天。
local function day_number(date)
  local year, month, day = tonumber(date:sub(1, 4)), tonumber(date:sub(6, 7)), tonumber(date:sub(9, 10))
  local y = month <= 2 and year - 1 or year
  local m = month <= 2 and month + 9 or month - 3
  return 365 * y + y // 4 - y // 100 + y // 400 + (153 * m + 2) // 5 + day - 1
end

-- 从 first 到 last 的天数;last 在前时为负
local function days_between(first, last)
  return day_number(last) - day_number(first)
end

-- 计划可以定的各项,同时也是计数的名称
local measures = {
  { "volunteers", "注册志愿者", "人" },
  { "in_service_party_members", "注册在职党员", "人" },
  { "stations_built", "建成服务站", "个" },
  { "stations_opened", "投入使用服务站", "个" },
  { "activities", "志愿服务活动", "场" },
  { "teams", "志愿服务队伍", "支" },
  { "projects", "志愿服务项目", "个" },
}

-- 一项计划的预警,没有时为 nil:逾期、按目前进度来不及、临近期限
local function of_plan(subject, measure, context, limits)
  local name, title, unit = measure[1], measure[2], measure[3]
  local plan = subject:plan(name)
  local lack = plan and plan.target - subject:count(name) or 0
  if lack <= 0 then
    return nil
  end
  local left = days_between(context.as_of, plan.due)
  local text = string.format("%s目标 %d %s，期限 %s，还差 %d %s", title, plan.target, unit, plan.due, lack, unit)
  local help = "volunteerctl report forecast 查看预测；volunteerctl list plan 查看计划"
  if left < 0 then
    return { code = "overdue_" .. name, severity = "critical", text = text .. "，已逾期", help = help }
  end
  local gained = subject:gained(name, limits.pace_days)
  if gained * left < lack * limits.pace_days then
    text = string.format("%s；近 %d 天新增 %d %s，按此进度不能如期完成", text, limits.pace_days, gained, unit)
    return {
      code = "behind_" .. name,
      severity = left <= limits.due_days and "critical" or "warning",
      text = text,
      help = help,
    }
  end
  if left <= limits.due_days then
    return { code = "due_soon_" .. name, severity = "notice", text = text, help = help }
  end
  return nil
end

-- 一个对象各项计划的预警
local function of_plans(subject, context, limits)
  local list = {}
  for _, measure in ipairs(measures) do
    list[#list + 1] = of_plan(subject, measure, context, limits)
  end
  return list
end

-- 没有数据的各项指标,每项一条
local function of_missing(indicators)
  local list = {}
  for _, indicator in ipairs(indicators) do
    if indicator.state == "no_data" then
      list[#list + 1] = {
        code = "no_data_" .. indicator.id,
        severity = "notice",
        text = indicator.title .. "：没有分母数据，不计为达标",
        help = "volunteerctl send figure.reported 上报数据、日期和来源",
      }
    end
  end
  return list
end

return { of_plans = of_plans, of_missing = of_missing, days_between = days_between }
