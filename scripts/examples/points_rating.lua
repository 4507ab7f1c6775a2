-- 按服务对象评价计分:四分照常,五分加两成,三分减半,两分以下不计;还没有评价的先照常计,评价后自动补差。
-- 近一年平均不到三分(至少五次评价)的,评价未出的部分也先减半。倍数以十分之一为单位,全用整数。
return {
  name = "points_rating",
  kind = "points",
  title = "志愿积分(按评价)",
  texts = { rated = "评价 %d 分,倍数(十分之一) %d", not_rated = "尚未评价,倍数(十分之一) %d" },
  describe = {
    per_hour = { title = "每小时积分", unit = "百分之一分" },
    tenths = { title = "一至五分的倍数", unit = "十分之一" },
    poor_tenths = { title = "近一年评价差者未评价服务的倍数", unit = "十分之一" },
    poor_below = { title = "近一年平均低于", unit = "分" },
    poor_ratings = { title = "至少评价次数", unit = "次" },
  },
  parameters = {
    ["2018-01-01"] = {
      per_hour = 100,
      tenths = { 0, 0, 5, 10, 12 },
      poor_tenths = 5,
      poor_below = 3,
      poor_ratings = 5,
    },
  },
  decide = function(subject, parameters, context)
    if context.subject ~= "record" then
      return { postings = {} }
    end
    local tenths
    if subject.rating then
      tenths = parameters.tenths[subject.rating]
      finding("rated", subject.rating, tenths)
    else
      local window = { from = (context.year - 1) .. "-01-01" }
      local n = subject.volunteer:ratings(window)
      tenths = 10
      if n >= parameters.poor_ratings and subject.volunteer:rating_sum(window) < n * parameters.poor_below then
        tenths = parameters.poor_tenths
      end
      finding("not_rated", tenths)
    end
    local amount = subject.counted_minutes * parameters.per_hour * tenths // 600
    if amount == 0 then
      return { postings = {} }
    end
    return { postings = { { account = "points", amount = amount, reason = "志愿服务" } } }
  end,
  cases = {
    {
      name = "没有评价照常",
      given = { counted_minutes = 60 },
      context = { as_of = "2018-08-23", year = 2018 },
      expect = { postings = { { account = "points", amount = 100 } } },
    },
    {
      name = "五分加两成",
      given = { counted_minutes = 60, rating = 5 },
      context = { as_of = "2018-08-23", year = 2018 },
      expect = { postings = { { account = "points", amount = 120 } }, findings = { "rated" } },
    },
    {
      name = "三分减半",
      given = { counted_minutes = 60, rating = 3 },
      context = { as_of = "2018-08-23", year = 2018 },
      expect = { postings = { { account = "points", amount = 50 } } },
    },
    {
      name = "一分不计",
      given = { counted_minutes = 60, rating = 1 },
      context = { as_of = "2018-08-23", year = 2018 },
      expect = { postings = {} },
    },
    {
      name = "评价一贯差的先减半",
      given = { counted_minutes = 60, volunteer = { ratings = 5, rating_sum = 14 } },
      context = { as_of = "2018-08-23", year = 2018 },
      expect = { postings = { { account = "points", amount = 50 } } },
    },
    {
      name = "注册不计分",
      given = {},
      context = { subject = "volunteer", cause = "volunteer.registered" },
      expect = { postings = {} },
    },
  },
}
