-- 积分:一条记录、一次注册、一次升星记多少分。一个区划可以有几条积分规则,各有名称。
-- 数额以账户的最小单位计:账户 points 有两位小数,100 是一分。
-- 检查:volunteerctl policy test NAME.lua
return {
  name = "NAME",
  kind = "points",
  title = "志愿积分",
  -- basis = "文件编号",
  texts = {
    hours = "计入 %d 个小时",
  },
  describe = {
    hour_units = { title = "每小时积分", unit = "百分之一分", range = { 0, 100000 } },
  },
  parameters = {
    ["2018-01-01"] = { hour_units = 100 },
  },
  decide = function(subject, parameters, context)
    -- 记录、注册、升星都会来问,context.subject 说明这次问的是什么。
    if context.subject ~= "record" then
      return { postings = {} }
    end
    local hours = subject.counted_minutes // 60
    if hours == 0 then
      return { postings = {} }
    end
    finding("hours", hours)
    return {
      postings = {
        -- expires = "2019-12-31":有效期至;amount 小于 0 是扣减。
        { account = "points", amount = hours * parameters.hour_units, reason = "志愿服务" },
      },
    }
  end,
  cases = {
    {
      name = "两小时",
      given = { counted_minutes = 120 },
      expect = { postings = { { account = "points", amount = 200 } }, findings = { "hours" } },
    },
    { name = "不满一小时", given = { counted_minutes = 59 }, expect = { postings = {} } },
    {
      name = "注册时不计",
      given = {},
      context = { subject = "volunteer", cause = "volunteer.registered" },
      expect = { postings = {}, findings = {} },
    },
  },
}
