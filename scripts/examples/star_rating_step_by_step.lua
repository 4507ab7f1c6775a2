-- 依次申请:星级由本人逐级申请,不得越级;按星级由县、市、省审批,公示五个工作日。
-- 出处:四川(逐级申请、公示不少于五个工作日);福建 2013(一、二星县级,三、四星市级,五星省级审批)。
return {
  name = "star_rating_step_by_step",
  kind = "star_rating",
  title = "志愿者星级评定(依次申请)",
  texts = {
    total = "累计 %d 小时",
    next_star = "距 %d 星还差 %d 小时",
    may_apply = "可以申请 %d 星",
  },
  describe = {
    hours = {
      title = "各星级所需时长",
      unit = "小时",
      items = { "一星", "二星", "三星", "四星", "五星" },
    },
    approved_by = { title = "各星级审批层级" },
    notice_days = { title = "公示", unit = "工作日" },
  },
  parameters = {
    ["2013-01-01"] = {
      hours = { 100, 300, 600, 1000, 1500 },
      approved_by = { "county", "county", "city", "city", "province" },
      notice_days = 5,
    },
  },
  decide = function(volunteer, parameters)
    local minutes, reached = volunteer:minutes({}), 0
    for level, hours in ipairs(parameters.hours) do
      if minutes >= hours * 60 then
        reached = level
      end
    end
    finding("total", minutes // 60)
    local stars = math.min(reached, volunteer.stars + 1)
    if stars > volunteer.stars then
      finding("may_apply", stars)
    elseif parameters.hours[reached + 1] then
      finding("next_star", reached + 1, (parameters.hours[reached + 1] * 60 - minutes + 59) // 60)
    end
    return {
      stars = stars,
      on_application = true,
      approved_by = parameters.approved_by[stars],
      notice_days = stars > 0 and parameters.notice_days or nil,
    }
  end,
  cases = {
    {
      name = "时长够五星,没有星级的只能申请一星",
      given = { minutes = 90000 },
      expect = {
        stars = 1,
        on_application = true,
        approved_by = "county",
        notice_days = 5,
        findings = { "may_apply" },
      },
    },
    {
      name = "三星由市级审批",
      given = { minutes = 36000, stars = 2 },
      expect = { stars = 3, approved_by = "city" },
    },
    {
      name = "五星由省级审批",
      given = { minutes = 90000, stars = 4 },
      expect = { stars = 5, approved_by = "province" },
    },
    {
      name = "差一分钟到一百小时",
      given = { minutes = 5999 },
      expect = { stars = 0, on_application = true, findings = { "next_star" } },
    },
    {
      name = "时长更正后星级照降",
      given = { minutes = 5999, stars = 1 },
      expect = { stars = 0 },
    },
  },
}
