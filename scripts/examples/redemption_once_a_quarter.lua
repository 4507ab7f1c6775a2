-- 每季度兑换一次;兑换后时长仍然保留(积分另计,时长不减)。
-- 出处:海林(每季度集中兑换一次)。
return {
  name = "redemption_once_a_quarter",
  kind = "redemption",
  title = "积分兑换(每季度一次)",
  texts = { quarter = "本季度已于 %s 兑换过" },
  parameters = { ["2018-01-01"] = { times = 1 } },
  describe = { times = { title = "每季度兑换次数", unit = "次" } },
  decide = function(request, parameters, context)
    local redemptions = request.volunteer:redemptions({ from = context.quarter_start })
    if #redemptions >= parameters.times then
      finding("quarter", redemptions[1].on)
      return "refused"
    end
    return "accepted"
  end,
  cases = {
    { name = "本季度还没有兑换", given = {}, expect = "accepted" },
    {
      name = "季度首日兑换过",
      given = { volunteer = { redemptions = { { on = "2018-07-01" } } } },
      context = { as_of = "2018-09-30" },
      expect = { outcome = "refused", findings = { "quarter" } },
    },
    {
      name = "季度内第二次,另定两次时可以",
      given = { volunteer = { redemptions = { { on = "2018-07-01" } } } },
      parameters = { times = 2 },
      context = { as_of = "2018-09-30" },
      expect = "accepted",
    },
    {
      name = "上季度末兑换过,不影响本季度",
      given = { volunteer = { redemptions = { { on = "2018-06-30" } } } },
      context = { as_of = "2018-07-01" },
      expect = "accepted",
    },
  },
}
