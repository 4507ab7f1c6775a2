-- 献血折算时长:全血 400/300/200 毫升折 6/4/2 小时,成分血每单位 2 小时,不合格 1 小时,稀有血型另计。
-- 数量由记录的 quantities 给出,折算的时长可以多于实际时段(证明仍写实际时长)。
local function of_whole_blood(millilitres, table_of_hours)
  for _, row in ipairs(table_of_hours) do
    if millilitres >= row.millilitres then
      return row.hours
    end
  end
  return 0
end

return {
  name = "acceptance_blood",
  kind = "acceptance",
  title = "献血服务时长折算",
  texts = {
    whole_blood = "全血 %d 毫升,折 %d 小时",
    component_units = "成分血 %d 单位,折 %d 小时",
    unfit = "检验不合格,折 %d 小时",
    publicity = "宣传服务,按实际时长",
  },
  describe = {
    whole = { title = "全血折算" },
    rare = { title = "稀有血型全血折算" },
    component_hours = { title = "成分血每单位折算", unit = "小时" },
    unfit_hours = { title = "不合格折算", unit = "小时" },
  },
  parameters = {
    ["2018-01-01"] = {
      whole = {
        { millilitres = 400, hours = 6 },
        { millilitres = 300, hours = 4 },
        { millilitres = 200, hours = 2 },
      },
      rare = {
        { millilitres = 400, hours = 8 },
        { millilitres = 300, hours = 5 },
        { millilitres = 200, hours = 3 },
      },
      component_hours = 2,
      unfit_hours = 1,
    },
  },
  decide = function(record, parameters)
    local quantities = record.quantities
    if (quantities.unfit or 0) > 0 then
      finding("unfit", parameters.unfit_hours)
      return "accepted", parameters.unfit_hours * 60
    end
    local whole = quantities.whole_blood_ml or 0
    if whole > 0 then
      local rates = (quantities.rare_type or 0) > 0 and parameters.rare or parameters.whole
      local hours = of_whole_blood(whole, rates)
      finding("whole_blood", whole, hours)
      if hours == 0 then
        return "refused"
      end
      return "accepted", hours * 60
    end
    local units = quantities.component_units or 0
    if units > 0 then
      finding("component_units", units, units * parameters.component_hours)
      return "accepted", units * parameters.component_hours * 60
    end
    finding("publicity")
    return "accepted", record.minutes
  end,
  cases = {
    {
      name = "全血四百毫升六小时",
      given = { minutes = 40, quantities = { whole_blood_ml = 400 } },
      expect = { outcome = "accepted", minutes = 360, findings = { "whole_blood" } },
    },
    {
      name = "全血三百五十毫升按三百毫升",
      given = { minutes = 40, quantities = { whole_blood_ml = 350 } },
      expect = { outcome = "accepted", minutes = 240 },
    },
    {
      name = "不足两百毫升不折算",
      given = { minutes = 40, quantities = { whole_blood_ml = 199 } },
      expect = { outcome = "refused", findings = { "whole_blood" } },
    },
    {
      name = "稀有血型四百毫升八小时",
      given = { minutes = 40, quantities = { whole_blood_ml = 400, rare_type = 1 } },
      expect = { outcome = "accepted", minutes = 480 },
    },
    {
      name = "成分血三单位六小时",
      given = { minutes = 60, quantities = { component_units = 3 } },
      expect = { outcome = "accepted", minutes = 360, findings = { "component_units" } },
    },
    {
      name = "不合格一小时",
      given = { minutes = 40, quantities = { whole_blood_ml = 400, unfit = 1 } },
      expect = { outcome = "accepted", minutes = 60, findings = { "unfit" } },
    },
    {
      name = "宣传两小时",
      given = { minutes = 120 },
      expect = { outcome = "accepted", minutes = 120, findings = { "publicity" } },
    },
  },
}
