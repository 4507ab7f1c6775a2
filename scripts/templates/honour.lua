-- 表彰推荐:推荐谁、排在什么位置。对每位志愿者、每项荣誉各问一次,系统按 rank 从高到低取名额。
-- 检查:volunteerctl policy test NAME.lua
return {
  name = "NAME",
  kind = "honour",
  title = "表彰推荐",
  -- basis = "文件编号",
  -- schedule = { yearly = "12-31" }, -- 每年这天评一次
  texts = {
    standing = "资格状态为 %s,不推荐",
    hours = "本年服务 %d 小时,满 %d 小时可推荐",
  },
  describe = {
    minimum_hours = { title = "本年最少服务时长", unit = "小时", range = { 0, 8784 } },
  },
  parameters = {
    ["2018-01-01"] = { minimum_hours = 50 },
  },
  decide = function(volunteer, parameters, context)
    local standing = volunteer.standing
    if standing ~= "good" then
      finding("standing", standing)
      return false
    end
    local minutes = volunteer:minutes({ from = context.year .. "-01-01", to = context.as_of })
    finding("hours", minutes // 60, parameters.minimum_hours)
    if minutes < parameters.minimum_hours * 60 then
      return false
    end
    -- 第二个值是次序:大的在前。
    return true, minutes
  end,
  cases = {
    {
      name = "恰好五十小时",
      given = { standing = "good", minutes = 3000 },
      expect = { nominate = true, rank = 3000, findings = { "hours" } },
    },
    {
      name = "差一分钟",
      given = { standing = "good", minutes = 2999 },
      expect = { nominate = false },
    },
    {
      name = "资格暂停",
      given = { standing = "suspended", minutes = 6000 },
      expect = { nominate = false, findings = { "standing" } },
    },
  },
}
