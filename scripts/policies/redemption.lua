-- 积分兑换:资格状态正常、服务满一定时长的志愿者可以兑换;按季、按年限次限量,高星级可另定每年限量。
-- 余额、库存、截止日期、星级门槛和单项限量由系统核对,不必写在这里。数值为 0 表示不限。

---@param redemptions { quantity: integer, account: string, amount: integer }[]
local function spent_on(redemptions, account)
  local amount = 0
  for _, redemption in ipairs(redemptions) do
    if redemption.account == account then
      amount = amount + redemption.amount
    end
  end
  return amount
end

local function exceeds(value, limit)
  return limit > 0 and value > limit
end

-- 本年已用与本次合计不得超过的数额:先看星级,再看通用的。
local function yearly_limit(parameters, stars)
  local by_star = parameters.yearly_amount_by_star[stars]
  return by_star or parameters.yearly_amount
end

return {
  name = "redemption",
  kind = "redemption",
  title = "积分兑换",
  texts = {
    standing = "资格状态为 %s,暂不能兑换",
    service = "累计服务 %d 小时,满 %d 小时方可兑换",
    quarter = "本季度已兑换 %d 次,每季度限 %d 次",
    year = "本年度兑换合计 %d,限额 %d",
  },
  describe = {
    minimum_hours = { title = "兑换所需累计服务时长", unit = "小时" },
    times_per_quarter = { title = "每季度兑换次数上限", unit = "次" },
    yearly_amount = { title = "每年兑换数额上限", unit = "账户最小单位" },
    yearly_amount_by_star = { title = "各星级每年兑换数额上限", unit = "账户最小单位" },
  },
  parameters = {
    ["2000-01-01"] = {
      minimum_hours = 0,
      times_per_quarter = 0,
      yearly_amount = 0,
      yearly_amount_by_star = {},
    },
  },
  decide = function(request, parameters, context)
    local volunteer = request.volunteer
    if volunteer.standing ~= "good" then
      finding("standing", volunteer.standing)
      return "refused"
    end
    if parameters.minimum_hours > 0 then
      local hours = (volunteer:minutes({}) + volunteer.carried_minutes) // 60
      if hours < parameters.minimum_hours then
        finding("service", hours, parameters.minimum_hours)
        return "refused"
      end
    end
    if parameters.times_per_quarter > 0 then
      local times = #volunteer:redemptions({ from = context.quarter_start })
      if times >= parameters.times_per_quarter then
        finding("quarter", times, parameters.times_per_quarter)
        return "refused"
      end
    end
    local limit = yearly_limit(parameters, volunteer.stars)
    if limit > 0 then
      local redemptions = volunteer:redemptions({ from = context.year .. "-01-01" })
      local amount = spent_on(redemptions, request.reward.account) + request.amount
      if exceeds(amount, limit) then
        finding("year", amount, limit)
        return "refused"
      end
    end
    return "accepted"
  end,
  cases = {
    {
      name = "资格正常即可兑换",
      given = { quantity = 1, amount = 500, volunteer = { standing = "good" } },
      expect = "accepted",
    },
    {
      name = "暂停资格期间不能兑换",
      given = { volunteer = { standing = "suspended" } },
      expect = { outcome = "refused", findings = { "standing" } },
    },
    {
      name = "满十小时方可兑换:差一分钟",
      given = { volunteer = { standing = "good", minutes = 599 } },
      parameters = { minimum_hours = 10 },
      expect = { outcome = "refused", findings = { "service" } },
    },
    {
      name = "满十小时方可兑换:恰好十小时",
      given = { volunteer = { standing = "good", minutes = 540, carried_minutes = 60 } },
      parameters = { minimum_hours = 10 },
      expect = "accepted",
    },
    {
      name = "每季度一次:本季度已兑换过",
      given = {
        volunteer = {
          standing = "good",
          redemptions = { { id = "x:1", account = "points", amount = 100, quantity = 1, on = "2018-07-02" } },
        },
      },
      parameters = { times_per_quarter = 1 },
      context = { as_of = "2018-08-23" },
      expect = { outcome = "refused", findings = { "quarter" } },
    },
    {
      name = "每季度一次:上季度的不算",
      given = {
        volunteer = {
          standing = "good",
          redemptions = { { id = "x:1", account = "points", amount = 100, quantity = 1, on = "2018-06-30" } },
        },
      },
      parameters = { times_per_quarter = 1 },
      context = { as_of = "2018-08-23" },
      expect = "accepted",
    },
    {
      name = "每年限额:恰好用完",
      given = {
        amount = 400,
        reward = { account = "points" },
        volunteer = {
          standing = "good",
          redemptions = { { id = "x:1", account = "points", amount = 600, quantity = 1, on = "2018-03-05" } },
        },
      },
      parameters = { yearly_amount = 1000 },
      expect = "accepted",
    },
    {
      name = "每年限额:超出一个单位,其他账户的不算",
      given = {
        amount = 401,
        reward = { account = "points" },
        volunteer = {
          standing = "good",
          redemptions = {
            { id = "x:1", account = "points", amount = 600, quantity = 1, on = "2018-03-05" },
            { id = "x:2", account = "time_bank", amount = 60, quantity = 1, on = "2018-03-06" },
          },
        },
      },
      parameters = { yearly_amount = 1000 },
      expect = { outcome = "refused", findings = { "year" } },
    },
    {
      name = "五星志愿者的限额高于通用限额",
      given = {
        amount = 4000,
        reward = { account = "points" },
        volunteer = { standing = "good", stars = 5 },
      },
      parameters = { yearly_amount = 1000, yearly_amount_by_star = { 1000, 2000, 3000, 4000, 5000 } },
      expect = "accepted",
    },
  },
}
