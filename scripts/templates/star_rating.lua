-- 星级评定:按累计时长评零至五星。时长变化、申请、到期时来问。
-- 检查:volunteerctl policy test NAME.lua
return {
  name = "NAME",
  kind = "star_rating",
  title = "志愿者星级评定",
  -- basis = "文件编号",
  texts = {
    total = "累计 %d 小时",
    next_star = "距 %d 星还差 %d 小时",
  },
  describe = {
    hours = {
      title = "各星级所需时长",
      unit = "小时",
      range = { 1, 100000 },
      kind = "thresholds", -- 必须一个比一个高
      items = { "一星", "二星", "三星", "四星", "五星" },
    },
  },
  parameters = {
    ["2018-01-01"] = { hours = { 100, 300, 600, 1000, 1500 } },
    -- 从某日起改标准:["2027-01-01"] = { hours = { 100, 300, 600, 1000, 1200 } },
  },
  decide = function(volunteer, parameters)
    local minutes, stars = volunteer:minutes({}), 0
    for level, hours in ipairs(parameters.hours) do
      if minutes >= hours * 60 then
        stars = level
      end
    end
    finding("total", minutes // 60)
    local needed = parameters.hours[stars + 1]
    if needed then
      -- 不足一小时按一小时算。
      finding("next_star", stars + 1, (needed * 60 - minutes + 59) // 60)
    end
    return stars -- 或 { stars = stars, valid_until = "2020-12-31" }
  end,
  cases = {
    {
      name = "没有服务",
      given = {},
      expect = { stars = 0, findings = { "total", "next_star" } },
    },
    { name = "差一分钟到一星", given = { minutes = 5999 }, expect = 0 },
    { name = "恰好一星", given = { minutes = 6000 }, expect = 1 },
    { name = "恰好五星", given = { minutes = 90000 }, expect = { stars = 5 } },
  },
}
