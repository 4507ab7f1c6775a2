-- 年度星级:只看当年时长,次年重新计算;超过一千五百小时另授奖章。
return {
  name = "star_rating_annual",
  kind = "star_rating",
  title = "年度星级评定",
  texts = {
    this_year = "本年度服务 %d 小时",
    next_star = "距本年度 %d 星还差 %d 小时",
  },
  describe = {
    hours = {
      title = "年度各星级所需时长",
      unit = "小时",
      items = { "一星", "二星", "三星", "四星", "五星" },
    },
    medals = { title = "奖章所需时长", unit = "小时", items = { "铜奖", "银奖", "金奖" } },
  },
  parameters = {
    ["2019-01-01"] = {
      hours = { 100, 300, 600, 1000, 1500 },
      medals = { 1500, 2000, 2500 },
    },
  },
  decide = function(volunteer, parameters, context)
    local from = context.year .. "-01-01"
    local minutes = volunteer:minutes({ from = from, to = context.as_of })
    finding("this_year", minutes // 60)
    local stars = 0
    for level, hours in ipairs(parameters.hours) do
      if minutes >= hours * 60 then
        stars = level
      else
        finding("next_star", level, (hours * 60 - minutes + 59) // 60)
        break
      end
    end
    local names, titles = { "铜奖", "银奖", "金奖" }, {}
    for level, hours in ipairs(parameters.medals) do
      if minutes >= hours * 60 then
        titles = { names[level] }
      end
    end
    return { stars = stars, titles = titles, valid_until = context.year .. "-12-31" }
  end,
  cases = {
    {
      name = "往年再多,本年没有服务就没有星级",
      given = { minutes = { { from = "2019-01-01", to = "2019-06-30", value = 0 }, { value = 900000 } } },
      context = { as_of = "2019-06-30" },
      expect = { stars = 0, findings = { "this_year", "next_star" } },
    },
    {
      name = "本年恰好三百小时",
      given = { minutes = { { from = "2019-01-01", to = "2019-12-31", value = 18000 } } },
      context = { as_of = "2019-12-31" },
      expect = { stars = 2, valid_until = "2019-12-31" },
    },
    {
      name = "本年两千小时得五星和银奖",
      given = { minutes = { { from = "2019-01-01", to = "2019-12-31", value = 120000 } } },
      context = { as_of = "2019-12-31" },
      expect = { stars = 5, findings = { "this_year" } },
    },
    {
      name = "一年的第一天",
      given = { minutes = { { from = "2020-01-01", to = "2020-01-01", value = 480 } } },
      context = { as_of = "2020-01-01" },
      expect = { stars = 0, valid_until = "2020-12-31" },
    },
  },
}
