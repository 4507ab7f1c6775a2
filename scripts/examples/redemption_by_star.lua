-- 按星级发放的礼遇:公交卡一至五星每年 10/20/30/40/50 元,每年一次。
-- 出处:南川 2019。礼遇的面值写在回馈项目的 cost_fen(分),同一礼遇各档用同一个 limit_group。
return {
  name = "redemption_by_star",
  kind = "redemption",
  title = "星级礼遇",
  texts = {
    star = "面值 %d 分,本人星级每年至多 %d 分",
    once = "本年度已于 %s 领取",
  },
  describe = {
    yearly_fen = {
      title = "各星级每年礼遇面值",
      unit = "分",
      items = { "一星", "二星", "三星", "四星", "五星" },
    },
  },
  parameters = { ["2019-01-01"] = { yearly_fen = { 1000, 2000, 3000, 4000, 5000 } } },
  decide = function(request, parameters, context)
    local volunteer = request.volunteer
    local most = parameters.yearly_fen[volunteer.stars] or 0
    local value = (request.reward.cost_fen or 0) * request.quantity
    if value > most then
      finding("star", value, most)
      return "refused"
    end
    local received = volunteer:redemptions({ from = context.year .. "-01-01" })
    if #received > 0 then
      finding("once", received[1].on)
      return "refused"
    end
    return "accepted"
  end,
  cases = {
    {
      name = "三星领取三十元",
      given = { quantity = 1, reward = { cost_fen = 3000 }, volunteer = { stars = 3 } },
      expect = "accepted",
    },
    {
      name = "二星不能领取三十元",
      given = { quantity = 1, reward = { cost_fen = 3000 }, volunteer = { stars = 2 } },
      expect = { outcome = "refused", findings = { "star" } },
    },
    {
      name = "没有星级",
      given = { quantity = 1, reward = { cost_fen = 1 } },
      expect = { outcome = "refused", findings = { "star" } },
    },
    {
      name = "今年已经领取",
      given = {
        quantity = 1,
        reward = { cost_fen = 1000 },
        volunteer = { stars = 5, redemptions = { { on = "2019-01-01" } } },
      },
      context = { as_of = "2019-12-31" },
      expect = { outcome = "refused", findings = { "once" } },
    },
    {
      name = "去年领取的不影响今年",
      given = {
        quantity = 1,
        reward = { cost_fen = 1000 },
        volunteer = { stars = 5, redemptions = { { on = "2018-12-31" } } },
      },
      context = { as_of = "2019-01-01" },
      expect = "accepted",
    },
  },
}
