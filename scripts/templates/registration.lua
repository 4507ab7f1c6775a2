-- 志愿者注册:接受、待核还是不予注册。注册或修改资料时来问。
-- 先改 parameters 里的数,再改 decide;每改一处,在 cases 里添一个用例。
-- 检查:volunteerctl policy test NAME.lua
return {
  name = "NAME",
  kind = "registration",
  title = "志愿者注册审核", -- 办事人员看到的名称
  -- basis = "文件编号", -- 依据:已登记的文件
  -- 理由的文字:第一个 %d 或 %s 是数值,第二个是所需的值。
  texts = {
    age_unknown = "出生年月不详,无法核对年龄",
    too_young = "%d 周岁,未满 %d 周岁不予注册",
  },
  -- 各参数的名称、单位与允许的范围,修改参数时据此核对。
  describe = {
    least_age = { title = "最小年龄", unit = "周岁", range = { 0, 100 } },
  },
  -- 参数按生效日期分组。改标准时另加一个日期,旧的一组照旧管以前的事。
  parameters = {
    ["2018-01-01"] = { least_age = 14 },
  },
  -- 只看事实和参数;不能读时钟、文件,也不能记住上一次。
  decide = function(volunteer, parameters, context)
    local age = volunteer:age(context.as_of)
    if not age then
      finding("age_unknown")
      return "held" -- 待核:由人处理
    elseif age < parameters.least_age then
      finding("too_young", age, parameters.least_age)
      return "refused"
    end
    return "accepted"
  end,
  -- 用例:given 是已知的事实(没写的是 0、false、空或 nil),expect 是应得的结果。
  cases = {
    { name = "成年人", given = { age = 35 }, expect = { outcome = "accepted", findings = {} } },
    { name = "恰好够年龄", given = { age = 14 }, expect = "accepted" },
    {
      name = "差一岁",
      given = { age = 13 },
      expect = { outcome = "refused", findings = { "too_young" } },
    },
    {
      name = "出生年月不详",
      given = {},
      expect = { outcome = "held", findings = { "age_unknown" } },
    },
  },
}
