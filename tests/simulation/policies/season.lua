-- 模拟用的积分规则:积分有时令,过期作废;升星另有奖励;尾数合某数的记录让规则出错,暂不计分。
local function ends_on(date)
  local year, month, day = tonumber(date:sub(1, 4)), tonumber(date:sub(6, 7)), tonumber(date:sub(9, 10))
  if day <= 14 then
    return string.format("%04d-%02d-20", year, month)
  end
  if month == 12 then
    return string.format("%04d-01-10", year + 1)
  end
  return string.format("%04d-%02d-10", year, month + 1)
end

return {
  name = "season",
  kind = "points",
  title = "时令积分",
  parameters = {
    ["2000-01-01"] = { per_ten_minutes = 7, per_star = 5, bonus = 40, regular = 3, fails = -1 },
  },
  decide = function(subject, parameters, context)
    if context.cause == "schedule" then
      local amount = parameters.regular * subject.stars
      if amount == 0 then
        return { postings = {} }
      end
      return { postings = { { account = "season", amount = amount, expires = ends_on(context.as_of), reason = "定期" } } }
    end
    if context.subject == "volunteer" then
      if context.cause ~= "star.changed" or parameters.bonus * subject.stars == 0 then
        return { postings = {} }
      end
      local amount = parameters.bonus * subject.stars
      return { postings = { { account = "season", amount = amount, expires = ends_on(context.as_of), reason = "升星" } } }
    end
    local minutes = subject.counted_minutes
    if minutes % 7 == parameters.fails then
      error("这条记录还算不了")
    end
    local amount = minutes // 10 * parameters.per_ten_minutes + parameters.per_star * subject.volunteer.stars
    if amount == 0 then
      return { postings = {} }
    end
    return { postings = { { account = "season", amount = amount, expires = ends_on(subject.on), reason = "时令" } } }
  end,
  cases = {
    { name = "半小时", given = { counted_minutes = 30, on = "2018-06-03" }, expect = { postings = { { account = "season", amount = 21 } } } },
  },
}
