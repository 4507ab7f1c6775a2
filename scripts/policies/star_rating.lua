-- 志愿者星级评定:按累计认定时长评一至五星(民函〔2012〕340号)。
local NAMES = { "一星", "二星", "三星", "四星", "五星" }

return {
  name = "star_rating",
  kind = "star_rating",
  title = "志愿者星级评定",
  basis = "doc-2012-340",
  texts = {
    total = "累计 %d 小时",
    carried = "其中往年结转 %d 小时",
    next_star = "再服务 %2$d 小时即可评为%1$s",
  },
  describe = {
    hours = {
      title = "各星级所需时长",
      unit = "小时",
      range = { 1, 100000 },
      items = { "一星", "二星", "三星", "四星", "五星" },
      kind = "thresholds",
    },
    count_carried = { title = "结转的历史时长是否计入" },
  },
  parameters = {
    ["2012-10-23"] = { hours = { 100, 300, 600, 1000, 1500 }, count_carried = true },
  },
  decide = function(volunteer, parameters)
    local minutes = volunteer:minutes({})
    -- 新标准里没有写明的,照旧计入。
    local carried = parameters.count_carried == false and 0 or volunteer.carried_minutes
    minutes = minutes + carried
    local stars = 0
    for level, hours in ipairs(parameters.hours) do
      if minutes >= hours * 60 then
        stars = level
      end
    end
    finding("total", minutes // 60)
    if carried > 0 then
      finding("carried", carried // 60)
    end
    local needed = parameters.hours[stars + 1]
    if needed then
      -- 不足一小时按一小时算,免得显示“还差 0 小时”。
      finding("next_star", NAMES[stars + 1] or (stars + 1 .. "星"), (needed * 60 - minutes + 59) // 60)
    end
    return stars
  end,
  cases = {
    {
      name = "没有服务",
      given = { minutes = 0 },
      expect = { stars = 0, findings = { "total", "next_star" } },
    },
    { name = "差一分钟到一百小时", given = { minutes = 5999 }, expect = { stars = 0 } },
    { name = "恰好一百小时", given = { minutes = 6000 }, expect = { stars = 1 } },
    { name = "差一分钟到三百小时", given = { minutes = 17999 }, expect = { stars = 1 } },
    { name = "恰好三百小时", given = { minutes = 18000 }, expect = { stars = 2 } },
    { name = "恰好六百小时", given = { minutes = 36000 }, expect = { stars = 3 } },
    { name = "差一分钟到一千小时", given = { minutes = 59999 }, expect = { stars = 3 } },
    { name = "恰好一千小时", given = { minutes = 60000 }, expect = { stars = 4 } },
    { name = "差一分钟到一千五百小时", given = { minutes = 89999 }, expect = { stars = 4 } },
    {
      name = "恰好一千五百小时,不再有下一星",
      given = { minutes = 90000 },
      expect = { stars = 5, findings = { "total" } },
    },
    { name = "远超一千五百小时", given = { minutes = 900000 }, expect = { stars = 5 } },
    {
      name = "更正后时长减少,星级随之下降",
      given = { minutes = 5940, stars = 1, stars_since = "2018-08-23" },
      expect = { stars = 0 },
    },
    {
      name = "结转的历史时长与新服务合计",
      given = { minutes = 1000, carried_minutes = 5000 },
      expect = { stars = 1, findings = { "total", "carried", "next_star" } },
    },
    {
      name = "城市决定结转时长不计入星级",
      given = { minutes = 1000, carried_minutes = 5000 },
      parameters = { count_carried = false },
      expect = { stars = 0, findings = { "total", "next_star" } },
    },
    {
      name = "城市另定时长时按新标准",
      given = { minutes = 30000 },
      parameters = { hours = { 100, 200, 500, 800, 1000 } },
      context = { as_of = "2018-08-23" },
      expect = { stars = 3 },
    },
  },
}
