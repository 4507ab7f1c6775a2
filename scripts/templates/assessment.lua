-- 测评:一个区划或单位的各项指标是否达标。每天零点、上报数据时和需要时来问。
-- 检查:volunteerctl policy test NAME.lua
return {
  name = "NAME",
  kind = "assessment",
  title = "志愿服务测评",
  -- basis = "文件编号",
  describe = {
    percent = { title = "注册率目标", unit = "%", range = { 0, 100 } },
  },
  parameters = {
    ["2018-01-01"] = { percent = 13 },
  },
  decide = function(subject, parameters, context)
    -- 单位(organisation)也会来问;本规则只评区划。
    if context.subject ~= "region" then
      return { indicators = {} }
    end
    local registered = subject:count("volunteers")
    local residents = subject:figure("built_up_residents") -- 没有上报时为 nil
    local state = "no_data"
    if residents then
      -- 整数交叉相乘,不用除法。
      state = 100 * registered >= parameters.percent * residents and "met" or "not_met"
    end
    return {
      indicators = {
        {
          id = "registered",
          title = "注册率",
          value = registered,
          state = state,
          evidence = { numerator = registered, denominator = residents },
        },
      },
    }
  end,
  cases = {
    {
      name = "恰好达标",
      given = { count = { volunteers = 13 }, figure = { built_up_residents = 100 } },
      expect = { indicators = { registered = "met" } },
    },
    {
      name = "差一人",
      given = { count = { volunteers = 12 }, figure = { built_up_residents = 100 } },
      expect = { indicators = { registered = "not_met" } },
    },
    { name = "没有数据", given = {}, expect = { indicators = { registered = "no_data" } } },
    {
      name = "单位不评",
      given = {},
      context = { subject = "organisation" },
      expect = { indicators = {} },
    },
  },
}
