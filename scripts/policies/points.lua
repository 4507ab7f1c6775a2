-- 志愿积分:每满半小时记半分,每小时一分;人工补录的时长不计积分。
-- 积分以百分之一分为单位(账户 points 有两位小数):半分是 50。

local function is_listed(value, list)
  for _, listed in ipairs(list) do
    if value == listed then
      return true
    end
  end
  return false
end

local nothing = { postings = {} }

return {
  name = "points",
  kind = "points",
  title = "志愿积分",
  texts = {
    steps = "计入 %d 个半小时",
    method_excluded = "记录方式为 %s,不计积分",
  },
  describe = {
    step_minutes = { title = "每档时长", unit = "分钟" },
    step_units = { title = "每档积分", unit = "百分之一分" },
    methods_excluded = { title = "不计积分的记录方式" },
  },
  parameters = {
    ["2000-01-01"] = { step_minutes = 30, step_units = 50, methods_excluded = { "manual" } },
  },
  decide = function(subject, parameters, context)
    -- 注册、升星也会来问,本规则只按服务记录计分。
    if context.subject ~= "record" then
      return nothing
    end
    local method = subject.method
    if is_listed(method, parameters.methods_excluded) then
      finding("method_excluded", method)
      return nothing
    end
    local steps = subject.counted_minutes // parameters.step_minutes
    if steps == 0 then
      return nothing
    end
    finding("steps", steps)
    return {
      postings = {
        { account = "points", amount = steps * parameters.step_units, reason = "志愿服务" },
      },
    }
  end,
  cases = {
    {
      name = "一小时一分",
      given = { counted_minutes = 60, method = "automatic" },
      expect = { postings = { { account = "points", amount = 100 } }, findings = { "steps" } },
    },
    {
      name = "恰好半小时半分",
      given = { counted_minutes = 30, method = "code" },
      expect = { postings = { { account = "points", amount = 50 } } },
    },
    {
      name = "不满半小时不计",
      given = { counted_minutes = 29, method = "code" },
      expect = { postings = {}, findings = {} },
    },
    {
      name = "零头舍去:五十九分钟按半小时计",
      given = { counted_minutes = 59, method = "code" },
      expect = { postings = { { account = "points", amount = 50 } } },
    },
    {
      name = "两小时三十分",
      given = { counted_minutes = 150, method = "code" },
      expect = { postings = { { account = "points", amount = 250 } } },
    },
    {
      name = "人工补录不计积分",
      given = { counted_minutes = 120, method = "manual" },
      expect = { postings = {}, findings = { "method_excluded" } },
    },
    {
      name = "导入的历史记录计积分",
      given = { counted_minutes = 120, method = "import" },
      expect = { postings = { { account = "points", amount = 200 } } },
    },
    {
      name = "按认定的时长计,不按申报的",
      given = { minutes = 600, counted_minutes = 120, method = "code" },
      expect = { postings = { { account = "points", amount = 200 } } },
    },
    {
      name = "一天的上限",
      given = { counted_minutes = 720, method = "automatic" },
      expect = { postings = { { account = "points", amount = 1200 } } },
    },
    {
      name = "注册时不计积分",
      given = {},
      context = { subject = "volunteer", cause = "volunteer.registered" },
      expect = { postings = {}, findings = {} },
    },
    {
      name = "升星时不计积分",
      given = { stars = 3 },
      context = { subject = "volunteer", cause = "star.changed" },
      expect = { postings = {}, findings = {} },
    },
    {
      name = "城市另定:每十五分钟零点二分,人工补录也计",
      given = { counted_minutes = 50, method = "manual" },
      parameters = { step_minutes = 15, step_units = 20, methods_excluded = {} },
      expect = { postings = { { account = "points", amount = 60 } } },
    },
  },
}
