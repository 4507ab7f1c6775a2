-- 资格状态:正常、暂停、注销。
-- 一个自然年度内无故缺席满规定次数的,注销注册,星级保留;查实的投诉满规定次数的,暂停服务至年底。
-- 开始前不足规定小时数才取消的报名(late_hours),按无故缺席一次计算;为 0 时不计。
-- 注销和人工恢复之前的缺席、投诉不再计算;注销以后只能由人工恢复(volunteer.restored)。

-- 本年内、上次恢复之后发生的才算。
local function count(list, restored_on)
  local n = 0
  for _, entry in ipairs(list) do
    if not restored_on or entry.on > restored_on then
      n = n + 1
    end
  end
  return n
end

-- 取消得太晚,与缺席一样让别人来不及递补。
local function late(list, hours, restored_on)
  local n = 0
  for _, entry in ipairs(list) do
    if entry.notice_minutes < hours * 60 and (not restored_on or entry.on > restored_on) then
      n = n + 1
    end
  end
  return n
end

return {
  name = "standing",
  kind = "standing",
  title = "志愿者资格状态",
  texts = {
    absences = "本年无故缺席 %d 次,满 %d 次注销",
    late_cancellations = "其中临近开始才取消 %d 次",
    complaints = "本年查实投诉 %d 件,满 %d 件暂停服务至年底",
    stays_deregistered = "已注销,须由人工恢复或申诉成立",
  },
  describe = {
    absences = { title = "一年内注销所需无故缺席次数", unit = "次" },
    complaints = { title = "一年内暂停所需查实投诉件数", unit = "件" },
    late_hours = { title = "开始前不足几小时取消按缺席计算(0 为不计)", unit = "小时" },
    appeal_days = { title = "申诉期限", unit = "天" },
  },
  parameters = {
    ["2000-01-01"] = { absences = 5, complaints = 3, late_hours = 0, appeal_days = 60 },
  },
  decide = function(volunteer, parameters, context)
    if volunteer.standing == "deregistered" then
      finding("stays_deregistered")
      return "deregistered"
    end
    local first, last = context.year .. "-01-01", context.year .. "-12-31"
    local restored_on = volunteer.restored_on
    local absences =
      count(volunteer:absences({ from = first, to = last, excused = false }), restored_on)
    local n_late = 0
    if parameters.late_hours > 0 then
      local cancelled = volunteer:cancellations({ from = first, to = last })
      n_late = late(cancelled, parameters.late_hours, restored_on)
      absences = absences + n_late
    end
    if absences >= parameters.absences then
      finding("absences", absences, parameters.absences)
      if n_late > 0 then
        finding("late_cancellations", n_late)
      end
      return { standing = "deregistered", appeal_days = parameters.appeal_days }
    end
    local complaints =
      count(volunteer:complaints({ from = first, to = last, outcome = "upheld" }), restored_on)
    if complaints >= parameters.complaints then
      finding("complaints", complaints, parameters.complaints)
      return { standing = "suspended", ["until"] = last, appeal_days = parameters.appeal_days }
    end
    return "good"
  end,
  cases = {
    {
      name = "没有缺席,没有投诉",
      given = { standing = "good" },
      context = { as_of = "2018-08-23" },
      expect = { standing = "good", findings = {} },
    },
    {
      name = "缺席四次,还差一次",
      given = {
        standing = "good",
        absences = {
          { on = "2018-01-01" },
          { on = "2018-02-03" },
          { on = "2018-03-03" },
          { on = "2018-08-20" },
        },
      },
      context = { as_of = "2018-08-23" },
      expect = { standing = "good", findings = {} },
    },
    {
      name = "恰好五次,元旦那天的也算",
      given = {
        standing = "good",
        absences = {
          { on = "2018-01-01" },
          { on = "2018-02-03" },
          { on = "2018-03-03" },
          { on = "2018-04-03" },
          { on = "2018-08-20" },
        },
      },
      context = { as_of = "2018-08-23" },
      expect = { standing = "deregistered", appeal_days = 60, findings = { "absences" } },
    },
    {
      name = "五次里有一次是去年的",
      given = {
        standing = "good",
        absences = {
          { on = "2017-12-31" },
          { on = "2018-02-03" },
          { on = "2018-03-03" },
          { on = "2018-04-03" },
          { on = "2018-08-20" },
        },
      },
      context = { as_of = "2018-08-23" },
      expect = { standing = "good", findings = {} },
    },
    {
      name = "五次里有一次请了假",
      given = {
        standing = "good",
        absences = {
          { on = "2018-01-02" },
          { on = "2018-02-03" },
          { on = "2018-03-03", excused = true },
          { on = "2018-04-03" },
          { on = "2018-08-20" },
        },
      },
      context = { as_of = "2018-08-23" },
      expect = { standing = "good", findings = {} },
    },
    {
      name = "人工恢复之前的缺席不再计算",
      given = {
        standing = "good",
        restored_on = "2018-06-01",
        absences = {
          { on = "2018-01-02" },
          { on = "2018-02-03" },
          { on = "2018-03-03" },
          { on = "2018-06-01" },
          { on = "2018-08-20" },
        },
      },
      context = { as_of = "2018-08-23" },
      expect = { standing = "good", findings = {} },
    },
    {
      name = "查实投诉三件,暂停至年底",
      given = {
        standing = "good",
        complaints = {
          { on = "2018-01-02", outcome = "upheld" },
          { on = "2018-02-03", outcome = "upheld" },
          { on = "2018-08-20", outcome = "upheld" },
        },
      },
      context = { as_of = "2018-08-23" },
      expect = { standing = "suspended", ["until"] = "2018-12-31", findings = { "complaints" } },
    },
    {
      name = "投诉三件,一件还没有查实",
      given = {
        standing = "good",
        complaints = {
          { on = "2018-01-02", outcome = "upheld" },
          { on = "2018-02-03", outcome = "open" },
          { on = "2018-08-20", outcome = "upheld" },
        },
      },
      context = { as_of = "2018-08-23" },
      expect = { standing = "good", findings = {} },
    },
    {
      name = "已注销的不会自己恢复",
      given = { standing = "deregistered" },
      context = { as_of = "2019-01-02" },
      expect = { standing = "deregistered", findings = { "stays_deregistered" } },
    },
    {
      name = "开始前两小时内取消的,按缺席计算;提前两小时整的不算",
      given = {
        standing = "good",
        absences = { { on = "2018-01-02" } },
        cancellations = {
          { on = "2018-02-03", notice_minutes = 119 },
          { on = "2018-03-03", notice_minutes = 120 },
          { on = "2018-04-03", notice_minutes = 0 },
        },
      },
      context = { as_of = "2018-08-23" },
      parameters = { absences = 3, late_hours = 2 },
      expect = { standing = "deregistered", findings = { "absences", "late_cancellations" } },
    },
    {
      name = "没有规定时,临近取消不计",
      given = {
        standing = "good",
        absences = { { on = "2018-01-02" }, { on = "2018-01-03" } },
        cancellations = { { on = "2018-02-03", notice_minutes = 0 } },
      },
      context = { as_of = "2018-08-23" },
      parameters = { absences = 3, late_hours = 0 },
      expect = { standing = "good", findings = {} },
    },
    {
      name = "标准改为三次以后",
      given = {
        standing = "good",
        absences = { { on = "2018-01-02" }, { on = "2018-02-03" }, { on = "2018-03-03" } },
      },
      context = { as_of = "2018-08-23" },
      parameters = { absences = 3 },
      expect = { standing = "deregistered", findings = { "absences" } },
    },
  },
}
