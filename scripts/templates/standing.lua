-- 资格状态:正常、暂停还是注销。登记缺席、受理或办结投诉时来问,也可以定期来问(schedule)。
-- 检查:volunteerctl policy test NAME.lua
return {
  name = "NAME",
  kind = "standing",
  title = "志愿者资格状态",
  -- basis = "文件编号",
  -- schedule = { monthly = 1 },
  texts = {
    absences = "本年无故缺席 %d 次,满 %d 次暂停至年底",
  },
  describe = {
    absences = { title = "一年内暂停所需无故缺席次数", unit = "次", range = { 1, 1000 } },
  },
  parameters = {
    ["2018-01-01"] = { absences = 3 },
  },
  decide = function(volunteer, parameters, context)
    -- 注销以后由人工恢复(volunteer.restored)。
    if volunteer.standing == "deregistered" then
      return "deregistered"
    end
    local first, last = context.year .. "-01-01", context.year .. "-12-31"
    local absences = #volunteer:absences({ from = first, to = last, excused = false })
    if absences >= parameters.absences then
      finding("absences", absences, parameters.absences)
      return "suspended", last -- 暂停的最后一天;不写为长期
    end
    return "good"
  end,
  cases = {
    {
      name = "缺席两次,还差一次",
      given = { absences = { { on = "2018-02-03" }, { on = "2018-03-03" } } },
      context = { as_of = "2018-08-23" },
      expect = { standing = "good", findings = {} },
    },
    {
      name = "恰好三次",
      given = {
        absences = { { on = "2018-02-03" }, { on = "2018-03-03" }, { on = "2018-08-20" } },
      },
      context = { as_of = "2018-08-23" },
      expect = { standing = "suspended", ["until"] = "2018-12-31", findings = { "absences" } },
    },
    {
      name = "已注销的保持注销",
      given = { standing = "deregistered" },
      context = { as_of = "2018-08-23" },
      expect = { standing = "deregistered", findings = {} },
    },
  },
}
