-- 有效期与降级:累计时长定星;上一年不满二十小时的,下一年降一星。每年年初评定一次。
return {
  name = "star_rating_demotion",
  kind = "star_rating",
  title = "星级评定(含年度降级)",
  schedule = { yearly = "01-01" },
  texts = {
    total = "累计 %d 小时",
    idle_year = "上一年度服务 %d 小时,不足 %d 小时,降一星",
  },
  describe = {
    hours = {
      title = "各星级所需时长",
      unit = "小时",
      items = { "一星", "二星", "三星", "四星", "五星" },
    },
    least_hours = { title = "保星所需年度时长", unit = "小时" },
  },
  parameters = {
    ["2015-01-01"] = { hours = { 100, 300, 600, 1000, 1500 }, least_hours = 20 },
  },
  decide = function(volunteer, parameters, context)
    local minutes, stars = volunteer:minutes({}), 0
    finding("total", minutes // 60)
    for level, hours in ipairs(parameters.hours) do
      if minutes >= hours * 60 then
        stars = level
      end
    end
    -- 平时只升不降;年初按上一年度的服务决定是否降级。
    if context.cause ~= "schedule" then
      return math.max(stars, volunteer.stars)
    end
    local last = volunteer:minutes({ from = context.year .. "-01-01", to = context.as_of })
    local held_all_year = volunteer:stars_on(context.year .. "-01-01") > 0
    if held_all_year and last < parameters.least_hours * 60 then
      finding("idle_year", last // 60, parameters.least_hours)
      return math.max(volunteer.stars - 1, 0)
    end
    return math.max(stars, volunteer.stars)
  end,
  cases = {
    {
      name = "平时升星",
      given = { minutes = 18000, stars = 1 },
      expect = { stars = 2, findings = { "total" } },
    },
    {
      name = "平时不降",
      given = { minutes = 18000, stars = 3 },
      expect = { stars = 3 },
    },
    {
      name = "上一年十九小时五十九分,年初降一星",
      given = {
        minutes = { { value = 18000 }, { from = "2018-01-01", to = "2018-12-31", value = 1199 } },
        stars = 2,
        stars_on = { ["2018-01-01"] = 2 },
      },
      context = { as_of = "2018-12-31", cause = "schedule" },
      expect = { stars = 1, findings = { "idle_year" } },
    },
    {
      name = "上一年恰好二十小时,保星",
      given = {
        minutes = { { value = 18000 }, { from = "2018-01-01", to = "2018-12-31", value = 1200 } },
        stars = 2,
        stars_on = { ["2018-01-01"] = 2 },
      },
      context = { as_of = "2018-12-31", cause = "schedule" },
      expect = { stars = 2 },
    },
    {
      name = "年中才得星的,当年不降",
      given = {
        minutes = { { value = 6000 }, { from = "2018-01-01", to = "2018-12-31", value = 600 } },
        stars = 1,
        stars_on = { ["2018-01-01"] = 0 },
      },
      context = { as_of = "2018-12-31", cause = "schedule" },
      expect = { stars = 1 },
    },
  },
}
