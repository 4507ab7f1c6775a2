-- 一小时一个志愿币,每人每年至多折五百小时。
return {
  name = "points_annual_cap",
  kind = "points",
  title = "志愿币(年度上限)",
  texts = { counted = "本次折 %d 小时", capped = "本年已折 %d 小时,上限 %d 小时" },
  describe = {
    per_hour = { title = "每小时积分", unit = "百分之一分" },
    yearly_hours = { title = "每人每年可折时长", unit = "小时" },
  },
  parameters = { ["2018-01-01"] = { per_hour = 100, yearly_hours = 500 } },
  decide = function(subject, parameters, context)
    if context.subject ~= "record" then
      return { postings = {} }
    end
    local from, to = context.year .. "-01-01", context.year .. "-12-31"
    -- 本条之前(不含本条)本年度认定的整小时。
    local before = subject.volunteer:minutes({ from = from, to = to }) // 60
    local room = math.max(parameters.yearly_hours - before, 0)
    local hours = math.min(subject.counted_minutes // 60, room)
    if hours < subject.counted_minutes // 60 then
      finding("capped", before, parameters.yearly_hours)
    end
    if hours == 0 then
      return { postings = {} }
    end
    finding("counted", hours)
    return {
      postings = {
        { account = "points", amount = hours * parameters.per_hour, reason = "志愿服务" },
      },
    }
  end,
  cases = {
    {
      name = "本年第一次,三小时",
      given = { counted_minutes = 190, volunteer = { minutes = 0 } },
      expect = { postings = { { account = "points", amount = 300 } }, findings = { "counted" } },
    },
    {
      name = "还差一小时到上限,服务三小时只折一小时",
      given = { counted_minutes = 180, volunteer = { minutes = 499 * 60 } },
      expect = {
        postings = { { account = "points", amount = 100 } },
        findings = { "counted", "capped" },
      },
    },
    {
      name = "恰好到上限,不再折",
      given = { counted_minutes = 60, volunteer = { minutes = 500 * 60 } },
      expect = { postings = {}, findings = { "capped" } },
    },
    {
      name = "不足一小时不折",
      given = { counted_minutes = 59, volunteer = { minutes = 0 } },
      expect = { postings = {}, findings = {} },
    },
    {
      name = "升星不折",
      given = {},
      context = { subject = "volunteer", cause = "star.changed" },
      expect = { postings = {} },
    },
  },
}
