-- 兑换门槛与年度可兑时长:累计满十小时方可兑换;每年兑换所用不超过五百小时服务所得。
-- 出处:黄岩 2023(满十小时可兑换);舟山定海(一小时一币,每年至多五百小时可兑)。
return {
  name = "redemption_hours",
  kind = "redemption",
  title = "积分兑换(时长门槛)",
  texts = {
    service = "累计服务 %d 小时,满 %d 小时方可兑换",
    year = "本年度兑换合计折合 %d 小时,至多 %d 小时",
  },
  describe = {
    minimum_hours = { title = "兑换所需累计时长", unit = "小时" },
    hours_per_year = { title = "每年可兑换时长", unit = "小时" },
    units_per_hour = { title = "每小时折合", unit = "账户最小单位" },
  },
  parameters = { ["2023-01-01"] = { minimum_hours = 10, hours_per_year = 500, units_per_hour = 100 } },
  decide = function(request, parameters, context)
    local hours = request.volunteer:minutes({}) // 60
    if hours < parameters.minimum_hours then
      finding("service", hours, parameters.minimum_hours)
      return "refused"
    end
    local spent = request.volunteer:points({
      account = "points",
      what = "spent",
      from = context.year .. "-01-01",
    }) + request.amount
    if spent > parameters.hours_per_year * parameters.units_per_hour then
      finding("year", (spent + parameters.units_per_hour - 1) // parameters.units_per_hour, parameters.hours_per_year)
      return "refused"
    end
    return "accepted"
  end,
  cases = {
    {
      name = "差一分钟到十小时",
      given = { volunteer = { minutes = 599 } },
      expect = { outcome = "refused", findings = { "service" } },
    },
    { name = "恰好十小时", given = { amount = 100, volunteer = { minutes = 600 } }, expect = "accepted" },
    {
      name = "恰好用完当年五百小时",
      given = { amount = 100, volunteer = { minutes = 60000, points = 49900 } },
      expect = "accepted",
    },
    {
      name = "超出一个单位",
      given = { amount = 101, volunteer = { minutes = 60000, points = 49900 } },
      expect = { outcome = "refused", findings = { "year" } },
    },
  },
}
