-- 每人每日至多认定八小时;按半小时为单位舍去零头,不足半小时不计。
return {
  name = "acceptance_half_hours",
  kind = "acceptance",
  title = "时长认定(半小时为单位)",
  texts = {
    daily_limit = "每人每日至多认定 %d 分钟,其中 %d 分钟不予认定",
    below_step = "不足 %d 分钟,不予认定",
  },
  describe = {
    daily_minutes = { title = "每人每日认定上限", unit = "分钟" },
    step_minutes = { title = "认定单位", unit = "分钟" },
  },
  parameters = { ["2018-01-01"] = { daily_minutes = 480, step_minutes = 30 } },
  decide = function(record, parameters)
    local volunteer, counted = record.volunteer, 0
    for _, day in ipairs(record.days) do
      local room = parameters.daily_minutes - volunteer:minutes_on(day.date)
      counted = counted + math.max(math.min(day.minutes, room), 0)
    end
    if counted < record.minutes then
      finding("daily_limit", parameters.daily_minutes, record.minutes - counted)
    end
    counted = counted // parameters.step_minutes * parameters.step_minutes
    if counted == 0 then
      finding("below_step", parameters.step_minutes)
      return "refused"
    end
    return "accepted", counted
  end,
  cases = {
    {
      name = "五十九分钟按半小时",
      given = { minutes = 59, days = { { date = "2018-08-23", minutes = 59 } } },
      expect = { outcome = "accepted", minutes = 30, findings = {} },
    },
    {
      name = "二十九分钟不计",
      given = { minutes = 29, days = { { date = "2018-08-23", minutes = 29 } } },
      expect = { outcome = "refused", findings = { "below_step" } },
    },
    {
      name = "一天十小时只计八小时",
      given = { minutes = 600, days = { { date = "2018-08-23", minutes = 600 } } },
      expect = { outcome = "accepted", minutes = 480, findings = { "daily_limit" } },
    },
    {
      name = "当天已满八小时",
      given = {
        minutes = 60,
        days = { { date = "2018-08-23", minutes = 60 } },
        volunteer = { minutes_on = { ["2018-08-23"] = 480 } },
      },
      expect = { outcome = "refused", findings = { "daily_limit", "below_step" } },
    },
    {
      name = "跨年夜班,两天各有上限",
      given = {
        minutes = 600,
        days = { { date = "2018-12-31", minutes = 240 }, { date = "2019-01-01", minutes = 360 } },
        volunteer = { minutes_on = { ["2018-12-31"] = 420, ["2019-01-01"] = 0 } },
      },
      context = { as_of = "2018-12-31" },
      expect = { outcome = "accepted", minutes = 420, findings = { "daily_limit" } },
    },
  },
}
