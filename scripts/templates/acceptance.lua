-- 时长认定:一条服务记录能不能计入、计多少分钟。记录到来、更正、有投诉时来问。
-- 检查:volunteerctl policy test NAME.lua
return {
  name = "NAME",
  kind = "acceptance",
  title = "服务时长认定",
  -- basis = "文件编号",
  texts = {
    daily_limit = "一天有 %d 分钟,超过每日上限 %d 分钟,待核",
    late_entry = "服务结束 %d 天后才录入,超过 %d 天,待核",
  },
  describe = {
    daily_minutes = { title = "每人每日上限", unit = "分钟", range = { 1, 1440 } },
    delay_days = { title = "录入期限", unit = "天", range = { 0, 3650 } },
  },
  parameters = {
    ["2018-01-01"] = { daily_minutes = 480, delay_days = 30 },
  },
  decide = function(record, parameters)
    local outcome = "accepted"
    -- busiest_day_minutes:算上本条,最满的一天共有多少分钟。
    if record.busiest_day_minutes > parameters.daily_minutes then
      finding("daily_limit", record.busiest_day_minutes, parameters.daily_minutes)
      outcome = "held"
    end
    if record.delay_days > parameters.delay_days then
      finding("late_entry", record.delay_days, parameters.delay_days)
      outcome = "held"
    end
    -- 待核时,第二个值是审核通过后计入的分钟。
    return outcome, record.minutes
  end,
  cases = {
    {
      name = "普通两小时",
      given = { minutes = 120, busiest_day_minutes = 120 },
      expect = { outcome = "accepted", minutes = 120, findings = {} },
    },
    {
      name = "恰好用满一天",
      given = { minutes = 480, busiest_day_minutes = 480 },
      expect = { outcome = "accepted", minutes = 480 },
    },
    {
      name = "一天超过上限",
      given = { minutes = 60, busiest_day_minutes = 481 },
      expect = { outcome = "held", minutes = 60, findings = { "daily_limit" } },
    },
    {
      name = "录入太晚",
      given = { minutes = 60, busiest_day_minutes = 60, delay_days = 31 },
      expect = { outcome = "held", findings = { "late_entry" } },
    },
  },
}
