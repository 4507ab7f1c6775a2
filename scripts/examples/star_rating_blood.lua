-- 无偿献血志愿服务:五个星级之外,服务超过十年且超过两千小时,或超过三千小时的,授终身荣誉奖。
local function years_since(first, as_of)
  local years = tonumber(as_of:sub(1, 4)) - tonumber(first:sub(1, 4))
  if as_of:sub(6) < first:sub(6) then
    years = years - 1
  end
  return years
end

return {
  name = "star_rating_blood",
  kind = "star_rating",
  title = "无偿献血志愿服务星级",
  texts = { total = "累计 %d 小时", years = "服务满 %d 年" },
  describe = {
    hours = {
      title = "各星级所需时长",
      unit = "小时",
      items = { "一星", "二星", "三星", "四星", "五星" },
    },
    lifetime_years = { title = "终身荣誉奖服务年限(须超过)", unit = "年" },
    lifetime_hours = { title = "终身荣誉奖时长(须超过,并满年限)", unit = "小时" },
    lifetime_hours_alone = { title = "终身荣誉奖时长(须超过,不限年限)", unit = "小时" },
  },
  parameters = {
    ["2009-01-01"] = {
      hours = { 120, 240, 360, 480, 600 },
      lifetime_years = 10,
      lifetime_hours = 1500,
      lifetime_hours_alone = 3000,
    },
    ["2014-01-01"] = {
      hours = { 100, 300, 600, 1000, 1500 },
      lifetime_years = 10,
      lifetime_hours = 2000,
      lifetime_hours_alone = 3000,
    },
  },
  decide = function(volunteer, parameters, context)
    local minutes, stars = volunteer:minutes({}), 0
    finding("total", minutes // 60)
    for level, hours in ipairs(parameters.hours) do
      if minutes >= hours * 60 then
        stars = level
      end
    end
    local first = volunteer.first_service_on
    local years = first and years_since(first, context.as_of) or 0
    local long = years >= parameters.lifetime_years and minutes > parameters.lifetime_hours * 60
    local titles = {}
    if long or minutes > parameters.lifetime_hours_alone * 60 then
      finding("years", years)
      titles = { "终身荣誉奖" }
    end
    return { stars = stars, titles = titles }
  end,
  cases = {
    {
      name = "二〇〇九年版:一百二十小时一星",
      given = { minutes = 7200 },
      context = { as_of = "2010-01-01" },
      expect = { stars = 1, findings = { "total" } },
    },
    {
      name = "二〇一四年起:一百小时一星",
      given = { minutes = 6000 },
      context = { as_of = "2014-01-01" },
      expect = { stars = 1 },
    },
    {
      name = "恰好两千小时、满十年,还不到",
      given = { minutes = 120000, first_service_on = "2008-05-01" },
      context = { as_of = "2018-05-01" },
      expect = { stars = 5, findings = { "total" } },
    },
    {
      name = "多一分钟就到",
      given = { minutes = 120001, first_service_on = "2008-05-01" },
      context = { as_of = "2018-05-01" },
      expect = { stars = 5, findings = { "years" } },
    },
    {
      name = "差一天满十年",
      given = { minutes = 150000, first_service_on = "2008-05-02" },
      context = { as_of = "2018-05-01" },
      expect = { stars = 5, findings = { "total" } },
    },
    {
      name = "超过三千小时,不论年限",
      given = { minutes = 180001, first_service_on = "2017-05-02" },
      context = { as_of = "2018-05-01" },
      expect = { stars = 5, findings = { "years" } },
    },
  },
}
