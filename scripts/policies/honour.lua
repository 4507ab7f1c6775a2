-- 表彰推荐:按本年服务时长、常态化程度和星级给出推荐次序,供“道德模范”“天水好人”等评选优先考虑。
-- 系统对每位志愿者、每项荣誉各问一次,再按 rank 从高到低排列,取荣誉的名额(honour.defined 的 places)。

return {
  name = "honour",
  kind = "honour",
  title = "表彰推荐",
  texts = {
    standing = "资格状态为 %s,不推荐",
    awarded = "%d 年已获此项荣誉,%d 年内不重复推荐",
    hours = "本年服务 %d 小时,满 %d 小时可推荐",
    months = "本年有 %d 个月参加服务",
    stars = "现为 %d 星志愿者",
  },
  describe = {
    minimum_hours = { title = "本年最少服务时长", unit = "小时" },
    again_after_years = { title = "再次推荐的间隔", unit = "年" },
    month_minutes = { title = "每个服务月折合", unit = "分钟" },
    star_minutes = { title = "每颗星折合", unit = "分钟" },
  },
  parameters = {
    ["2018-01-01"] = {
      minimum_hours = 50,
      again_after_years = 3,
      month_minutes = 120,
      star_minutes = 600,
    },
  },
  decide = function(volunteer, parameters, context)
    if volunteer.standing ~= "good" then
      finding("standing", volunteer.standing)
      return false
    end
    local from = (context.year - parameters.again_after_years) .. "-01-01"
    for _, honour in ipairs(volunteer:honours({ from = from })) do
      if context.honour and honour.honour == context.honour.id then
        finding("awarded", honour.year, parameters.again_after_years)
        return false
      end
    end
    local year = { from = context.year .. "-01-01", to = context.as_of }
    local minutes = volunteer:minutes(year)
    finding("hours", minutes // 60, parameters.minimum_hours)
    if minutes < parameters.minimum_hours * 60 then
      return false
    end
    local months = volunteer:months_active(year)
    finding("months", months)
    finding("stars", volunteer.stars)
    local rank = minutes + months * parameters.month_minutes + volunteer.stars * parameters.star_minutes
    return true, rank
  end,
  cases = {
    {
      name = "时长、月数、星级合成次序",
      given = { standing = "good", minutes = 6000, months_active = 10, stars = 2 },
      expect = { nominate = true, rank = 8400, findings = { "hours", "months", "stars" } },
    },
    {
      name = "恰好五十小时",
      given = { standing = "good", minutes = 3000, months_active = 1 },
      expect = { nominate = true, rank = 3120 },
    },
    {
      name = "差一分钟到五十小时",
      given = { standing = "good", minutes = 2999 },
      expect = { nominate = false, findings = { "hours" } },
    },
    {
      name = "资格被暂停",
      given = { standing = "suspended", minutes = 60000 },
      expect = { nominate = false, findings = { "standing" } },
    },
    {
      name = "三年内已获同一荣誉",
      given = {
        standing = "good",
        minutes = 60000,
        honours = { { id = "n:1", honour = "good_person", year = 2017, on = "2017-12-05" } },
      },
      context = { as_of = "2018-12-31", honour = { id = "good_person" } },
      expect = { nominate = false, findings = { "awarded" } },
    },
    {
      name = "三年以前获得过同一荣誉",
      given = {
        standing = "good",
        minutes = 6000,
        honours = { { id = "n:1", honour = "good_person", year = 2014, on = "2014-12-31" } },
      },
      context = { as_of = "2018-12-31", honour = { id = "good_person" } },
      expect = { nominate = true, rank = 6000 },
    },
    {
      name = "获得的是另一项荣誉",
      given = {
        standing = "good",
        minutes = 6000,
        honours = { { id = "n:1", honour = "moral_model", year = 2017, on = "2017-12-05" } },
      },
      context = { as_of = "2018-12-31", honour = { id = "good_person" } },
      expect = { nominate = true, rank = 6000 },
    },
  },
}
