-- 以时间换同等服务:用时间银行里的时长兑换服务,不得超过本人服务时长,兑换后扣减。
-- 出处:龙泉驿。回馈项目以账户 time_bank(分钟)计价,余额由系统核对;这里核对的是本人时长。
return {
  name = "redemption_equal_service",
  kind = "redemption",
  title = "时间换服务",
  texts = {
    own = "累计换取 %d 分钟,本人服务 %d 分钟",
    other_account = "账户 %s 不能换取服务",
  },
  decide = function(request)
    local volunteer = request.volunteer
    if request.reward.account ~= "time_bank" then
      finding("other_account", request.reward.account)
      return "refused"
    end
    local used = volunteer:points({ account = "time_bank", what = "spent" }) + request.amount
    local own = volunteer:minutes({})
    if used > own then
      finding("own", used, own)
      return "refused"
    end
    return "accepted"
  end,
  cases = {
    {
      name = "恰好用到本人时长",
      given = {
        amount = 60,
        reward = { account = "time_bank" },
        volunteer = { minutes = 300, points = 240 },
      },
      expect = "accepted",
    },
    {
      name = "别人转赠的时长也不能使换取超过本人服务",
      given = {
        amount = 61,
        reward = { account = "time_bank" },
        volunteer = { minutes = 300, points = 240 },
      },
      expect = { outcome = "refused", findings = { "own" } },
    },
    { name = "没有服务过", given = { amount = 60, reward = { account = "time_bank" } }, expect = "refused" },
    {
      name = "积分不能换服务",
      given = { amount = 1, reward = { account = "points" } },
      expect = { outcome = "refused", findings = { "other_account" } },
    },
  },
}
