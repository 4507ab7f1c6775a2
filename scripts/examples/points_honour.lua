-- 表彰奖励:授予荣誉按级别奖励积分,荣誉撤销时扣回同样多的积分(不足的部分记为欠分)。
-- 例子:市级荣誉奖 500 分,撤销时扣 500 分。

return {
  name = "points_honour",
  kind = "points",
  title = "表彰奖励积分",
  texts = {
    awarded = "授予 %s",
    withdrawn = "撤销 %s",
  },
  describe = { amounts = { title = "各级荣誉奖励", unit = "积分最小单位" } },
  parameters = {
    ["2018-01-01"] = { amounts = { county = 20000, municipal = 50000, provincial = 100000, national = 200000 } },
  },
  decide = function(volunteer, parameters, context)
    local withdrawn = context.cause == "honour.withdrawn"
    if not withdrawn and context.cause ~= "honour.awarded" then
      return { postings = {} }
    end
    -- 序号最大的,正是刚刚授予或撤销的那一项
    local honour
    for _, one in ipairs(withdrawn and volunteer:withdrawn_honours({}) or volunteer:honours({})) do
      if not honour or one.sequence > honour.sequence then
        honour = one
      end
    end
    local amount = honour and parameters.amounts[honour.level]
    if not amount then
      return { postings = {} }
    end
    finding(withdrawn and "withdrawn" or "awarded", honour.title)
    return { postings = { { account = "points", amount = withdrawn and -amount or amount, reason = honour.title } } }
  end,
  cases = {
    {
      name = "授予市级荣誉",
      given = {
        honours = {
          { title = "优秀志愿者", level = "county", sequence = 7 },
          { title = "天水好人", level = "municipal", sequence = 9 },
        },
      },
      context = { subject = "volunteer", cause = "honour.awarded" },
      expect = { postings = { { account = "points", amount = 50000, reason = "天水好人" } }, findings = { "awarded" } },
    },
    {
      name = "撤销市级荣誉",
      given = { withdrawn_honours = { { title = "天水好人", level = "municipal", sequence = 9 } } },
      context = { subject = "volunteer", cause = "honour.withdrawn" },
      expect = { postings = { { account = "points", amount = -50000, reason = "天水好人" } }, findings = { "withdrawn" } },
    },
    {
      name = "撤销县级荣誉",
      given = { withdrawn_honours = { { title = "优秀志愿者", level = "county", sequence = 3 } } },
      context = { subject = "volunteer", cause = "honour.withdrawn" },
      expect = { postings = { { account = "points", amount = -20000, reason = "优秀志愿者" } } },
    },
    {
      name = "其他事由不奖",
      given = { honours = { { title = "天水好人", level = "municipal", sequence = 9 } } },
      context = { subject = "volunteer", cause = "training.completed" },
      expect = { postings = {} },
    },
  },
}
