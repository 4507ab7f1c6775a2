-- 终身荣誉:服务满十年且累计二千小时以上,或累计三千小时以上;每人一次。
-- 出处:无偿献血志愿服务终身荣誉奖。起止年限从首次服务之日算起。
return {
  name = "honour_lifetime",
  kind = "honour",
  title = "终身荣誉推荐",
  texts = {
    total = "累计 %d 小时",
    years = "首次服务于 %s,未满 %d 年",
    awarded = "%d 年已获此荣誉",
  },
  describe = {
    years = { title = "年限", unit = "年" },
    hours_with_years = { title = "满年限者所需时长", unit = "小时" },
    hours_alone = { title = "不计年限所需时长", unit = "小时" },
  },
  parameters = { ["2014-01-01"] = { years = 10, hours_with_years = 2000, hours_alone = 3000 } },
  decide = function(volunteer, parameters, context)
    for _, honour in ipairs(volunteer:honours({})) do
      if honour.honour == context.honour.id then
        finding("awarded", honour.year)
        return false
      end
    end
    local minutes = volunteer:minutes({}) + volunteer.carried_minutes
    finding("total", minutes // 60)
    if minutes > parameters.hours_alone * 60 then
      return true, minutes
    end
    if minutes <= parameters.hours_with_years * 60 or not volunteer.first_service_on then
      return false
    end
    -- 年限按日期比较:十年前的今天或更早开始服务。
    local before = string.format("%04d", context.year - parameters.years) .. context.as_of:sub(5)
    if volunteer.first_service_on >= before then
      finding("years", volunteer.first_service_on, parameters.years)
      return false
    end
    return true, minutes
  end,
  cases = {
    {
      name = "十年以上、二千小时以上",
      given = { minutes = 120001, first_service_on = "2008-12-30" },
      context = { as_of = "2018-12-31" },
      expect = { nominate = true, rank = 120001 },
    },
    {
      name = "恰好二千小时不算超过",
      given = { minutes = 120000, first_service_on = "2000-01-01" },
      context = { as_of = "2018-12-31" },
      expect = { nominate = false },
    },
    {
      name = "恰好十年不算超过",
      given = { minutes = 130000, first_service_on = "2008-12-31" },
      context = { as_of = "2018-12-31" },
      expect = { nominate = false, findings = { "years" } },
    },
    {
      name = "三千小时以上不问年限",
      given = { minutes = 150000, carried_minutes = 30001, first_service_on = "2017-01-01" },
      context = { as_of = "2018-12-31" },
      expect = { nominate = true, rank = 180001 },
    },
    {
      name = "获得过的不再推荐",
      given = {
        minutes = 200000,
        honours = { { honour = "lifetime", year = 2016, on = "2016-06-14" } },
      },
      context = { as_of = "2018-12-31", honour = { id = "lifetime" } },
      expect = { nominate = false, findings = { "awarded" } },
    },
  },
}
