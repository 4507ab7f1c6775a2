-- 节假日与重大活动加倍:周末 1.2 倍,法定节假日 2 倍,应急服务 3 倍;带队者另加一成。取最高的一种倍数。
-- 倍数以十分之一为单位,积分以百分之一分为单位,全用整数。
return {
  name = "points_holidays",
  kind = "points",
  title = "志愿积分(节假日加倍)",
  texts = { rate = "每小时 %d,倍数(十分之一) %d" },
  describe = {
    per_hour = { title = "每小时积分", unit = "百分之一分" },
    tenths = { title = "各类日子的倍数", unit = "十分之一" },
    leader_tenths = { title = "带队者加成", unit = "十分之一" },
  },
  parameters = {
    ["2018-01-01"] = {
      per_hour = 100,
      tenths = { workday = 10, rest = 12, holiday = 20, major = 15, emergency = 30 },
      leader_tenths = 1,
    },
  },
  decide = function(subject, parameters, context)
    if context.subject ~= "record" then
      return { postings = {} }
    end
    local activity, tenths = subject.activity, parameters.tenths[context.calendar:kind(subject.on)]
    if activity and activity.major then
      tenths = math.max(tenths, parameters.tenths.major)
    end
    if activity and activity.emergency then
      tenths = math.max(tenths, parameters.tenths.emergency)
    end
    if subject.role == "leader" then
      tenths = tenths + parameters.leader_tenths
    end
    finding("rate", parameters.per_hour, tenths)
    local amount = subject.counted_minutes * parameters.per_hour * tenths // 600
    if amount == 0 then
      return { postings = {} }
    end
    return { postings = { { account = "points", amount = amount, reason = "志愿服务" } } }
  end,
  cases = {
    {
      name = "工作日一小时一分",
      given = { on = "2018-08-23", counted_minutes = 60 },
      context = { as_of = "2018-08-23", calendar = { kind = { ["2018-08-23"] = "workday" } } },
      expect = { postings = { { account = "points", amount = 100 } } },
    },
    {
      name = "周末一小时一点二分",
      given = { on = "2018-08-25", counted_minutes = 60 },
      context = { as_of = "2018-08-25", calendar = { kind = { ["2018-08-25"] = "rest" } } },
      expect = { postings = { { account = "points", amount = 120 } } },
    },
    {
      name = "国庆带队一小时二点一分",
      given = { on = "2018-10-01", counted_minutes = 60, role = "leader" },
      context = { as_of = "2018-10-01", calendar = { kind = { ["2018-10-01"] = "holiday" } } },
      expect = { postings = { { account = "points", amount = 210 } } },
    },
    {
      name = "工作日的重大活动按一点五倍",
      given = { on = "2018-08-23", counted_minutes = 60, activity = { major = true } },
      context = { as_of = "2018-08-23", calendar = { kind = { ["2018-08-23"] = "workday" } } },
      expect = { postings = { { account = "points", amount = 150 } } },
    },
    {
      name = "抢险按三倍",
      given = { on = "2018-08-25", counted_minutes = 90, activity = { emergency = true } },
      context = { as_of = "2018-08-25", calendar = { kind = { ["2018-08-25"] = "rest" } } },
      expect = { postings = { { account = "points", amount = 450 } } },
    },
    {
      name = "不到一分的百分之一就没有",
      given = { on = "2018-08-23", counted_minutes = 0 },
      context = { as_of = "2018-08-23", calendar = { kind = { ["2018-08-23"] = "workday" } } },
      expect = { postings = {}, findings = { "rate" } },
    },
    {
      name = "注册不计分",
      given = {},
      context = { subject = "volunteer", cause = "volunteer.registered" },
      expect = { postings = {} },
    },
  },
}
