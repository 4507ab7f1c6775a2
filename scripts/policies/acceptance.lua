-- 时长认定:一条服务记录能不能计入、计多少分钟。
-- 先看硬性上限(不予认定),再看每日上限(少计),最后看是否要人工审核(待核)、要不要请人再看一眼(诚信核查)。
-- 有人审核以后(service.reviewed)再问一次,只看审核本身有没有信号;结论是审核人的。

-- 逐日计算:当天已认定的分钟(不含本条)加上本条,不超过每日上限。
-- 最满的一天也不超过时,各天都不超过,全部计入。
local function within_daily_limit(record, daily_minutes)
  if record.busiest_day_minutes <= daily_minutes then
    return record.minutes
  end
  local counted, volunteer = 0, record.volunteer
  for _, day in ipairs(record.days) do
    local room, minutes = daily_minutes - volunteer:minutes_on(day.date), day.minutes
    if minutes <= room then
      counted = counted + minutes
    elseif room > 0 then
      counted = counted + room
    end
  end
  return counted
end

local function is_listed(value, list)
  for _, listed in ipairs(list) do
    if value == listed then
      return true
    end
  end
  return false
end

-- delay_days 不足一天按一天算:三十天零一分钟是三十一。
local function is_late(record, parameters)
  return record.delay_days > parameters.delay_days
    and not is_listed(record.source, parameters.migrators)
end

-- 由签到签退生成的记录:一天签到次数过多的待核;提前到、推迟走的时间只在班次之内计入。
local function judge_stay(record, parameters, counted)
  local outcome, planned = "accepted", counted
  if record.check_ins > parameters.check_ins_a_day then
    finding("too_many_check_ins", record.check_ins, parameters.check_ins_a_day)
    outcome = "held"
  end
  if parameters.only_in_shift and record.minutes_in_shift < counted then
    planned = record.minutes_in_shift
    finding("outside_shift", counted - planned)
  end
  return outcome, planned
end

-- 例会、值班、排练之类本市可以不计。
local function is_excluded(record, parameters)
  local kinds = parameters.excluded_kinds
  local activity = kinds and #kinds > 0 and record.activity
  if activity and is_listed(activity.kind, kinds) then
    finding("excluded_kind", activity.kind)
    return true
  end
  return false
end

-- 人工补录另看:本人或录入人有没有过不实的记录。
local function outcome_of_manual(record, parameters, context)
  local since = library.integrity.barred_since(record, parameters, context)
  if since then
    finding("manual_entry_barred", since, parameters.barred_hours)
    return "refused"
  elseif library.integrity.is_watched(record, parameters, context) then
    finding("recorder_watched")
    return "held"
  end
  return "accepted"
end

return {
  name = "acceptance",
  kind = "acceptance",
  title = "服务时长认定",
  uses = { "integrity" },
  texts = {
    span_too_long = "服务时段长 %d 分钟,超过单次上限 %d 分钟,多为漏签退,不予认定",
    daily_limit = "每人每日至多认定 %d 分钟,其中 %d 分钟不予认定",
    overlap = "与另一条记录 %s 时间重叠,请核实",
    late_entry = "服务结束 %d 天后才录入,超过 %d 天须审核",
    too_many_check_ins = "当天在同一活动签到 %d 次,超过 %d 次须审核",
    outside_shift = "有 %d 分钟在班次起止时间之外,不予认定",
    excluded_kind = "%s 类活动不计服务时长",
    manual_entry_barred = "%s 核实过不实记录,满一年并再服务 %d 小时以前不接受人工补录",
    recorder_watched = "录入人曾录入不实记录,一年内其人工录入须审核",
    back_office = "活动有签到,没有本人的签到,请核实",
    no_attendance = "计划 %d 人的活动没有人签到,请核实",
    same_second = "同一秒有 %d 人签到,请核实",
    entry_rate = "录入人短时间内录入 %d 条,请核实",
    quick_approval = "录入 %d 秒后审核通过,请核实",
    one_approver = "本组织 %2$d 条审核中 %1$d 条由一人作出,请核实",
    spot_check = "抽查",
  },
  describe = {
    span_hours = { title = "单次服务时段上限", unit = "小时" },
    daily_minutes = { title = "每人每日认定上限", unit = "分钟" },
    delay_days = { title = "录入期限", unit = "天" },
    migrators = { title = "历史数据迁移来源(不受录入期限限制)" },
    check_ins_a_day = { title = "同一活动每日签到次数上限", unit = "次" },
    only_in_shift = { title = "签到签退只计班次之内的时间" },
    excluded_kinds = { title = "不计时长的活动性质(如 meeting 会议、training 培训)" },
    back_office = { title = "补录而未签到(held 待核,sampled 抽查,off 不看)" },
    no_attendance = { title = "大型活动无人签到(同上)" },
    same_second = { title = "同一秒多人签到(同上)" },
    entry_rate = { title = "录入过快(同上)" },
    quick_approval = { title = "录入后随即审核(抽查或不看)" },
    one_approver = { title = "长期一人审核(抽查或不看)" },
    sampled_per_mille = { title = "涉及整场活动或大批录入的信号抽查比例", unit = "‰" },
    large_from = { title = "大型活动最少人数", unit = "人" },
    large_to = { title = "大型活动最多人数", unit = "人" },
    at_once = { title = "同一秒签到人数", unit = "人" },
    entries_a_minute = { title = "一分钟人工录入条数", unit = "条" },
    entries_a_day = { title = "一天人工录入条数", unit = "条" },
    approval_seconds = { title = "录入后多少秒内审核算随即", unit = "秒" },
    approver_least = { title = "满多少条审核看一次是否一人审核", unit = "条" },
    approver_per_mille = { title = "一人审核占比", unit = "‰" },
    spot_check_per_mille = { title = "抽查比例", unit = "‰" },
    barred_years = { title = "核实不实后不接受人工补录的年数(0 不限)", unit = "年" },
    barred_hours = { title = "恢复人工补录须再服务的时长", unit = "小时" },
  },
  parameters = {
    ["2000-01-01"] = {
      span_hours = 24,
      daily_minutes = 720,
      delay_days = 30,
      migrators = {},
      check_ins_a_day = 3,
      only_in_shift = true,
      excluded_kinds = {},
      back_office = "held",
      no_attendance = "sampled",
      same_second = "sampled",
      entry_rate = "sampled",
      quick_approval = "sampled",
      one_approver = "sampled",
      sampled_per_mille = 100,
      large_from = 50,
      large_to = 500,
      at_once = 10,
      entries_a_minute = 30,
      entries_a_day = 300,
      approval_seconds = 10,
      approver_least = 200,
      approver_per_mille = 950,
      spot_check_per_mille = 1,
      barred_years = 1,
      barred_hours = 100,
    },
  },
  decide = function(record, parameters, context)
    if context.cause == "service.reviewed" then
      library.integrity.of_review(record, parameters)
      return "accepted", record.minutes
    end
    local span = record.span_minutes
    if span > parameters.span_hours * 60 then
      finding("span_too_long", span, parameters.span_hours * 60)
      return "refused"
    end
    if is_excluded(record, parameters) then
      return "refused"
    end
    local counted = within_daily_limit(record, parameters.daily_minutes)
    local cut = record.minutes - counted
    if cut > 0 then
      finding("daily_limit", parameters.daily_minutes, cut)
    end
    local outcome, derived = "accepted", record.derived
    if derived then
      outcome, counted = judge_stay(record, parameters, counted)
    end
    if counted == 0 then
      return "refused"
    end
    if not derived and record.by_hand and record.method == "manual" then
      outcome = outcome_of_manual(record, parameters, context)
      if outcome == "refused" then
        return outcome
      end
    end
    local overlaps = record.overlaps
    if #overlaps > 0 then
      finding("overlap", overlaps[1])
      outcome = "held"
    end
    if is_late(record, parameters) then
      finding("late_entry", record.delay_minutes // (24 * 60), parameters.delay_days)
      outcome = "held"
    end
    if library.integrity.of_entry(record, parameters) then
      outcome = "held"
    end
    local share = parameters.spot_check_per_mille or 0
    if outcome == "accepted" and share > 0 and record:drawn(share) then
      finding("spot_check")
    end
    return outcome, counted
  end,
  cases = {
    {
      name = "普通两小时",
      given = { span_minutes = 120, minutes = 120, busiest_day_minutes = 120 },
      expect = { outcome = "accepted", minutes = 120, findings = {} },
    },
    {
      name = "恰好二十四小时,不超单次上限,只计每日上限",
      given = {
        span_minutes = 1440,
        minutes = 1440,
        busiest_day_minutes = 1440,
        days = { { date = "2018-08-23", minutes = 1440 } },
      },
      expect = { outcome = "accepted", minutes = 720, findings = { "daily_limit" } },
    },
    {
      name = "多一分钟就超过二十四小时",
      given = {
        span_minutes = 1441,
        minutes = 60,
        days = { { date = "2018-08-23", minutes = 60 } },
      },
      expect = { outcome = "refused", minutes = 0, findings = { "span_too_long" } },
    },
    {
      name = "当天已认定六百分钟,只剩一百二十分钟",
      given = {
        span_minutes = 180,
        minutes = 180,
        busiest_day_minutes = 780,
        days = { { date = "2018-08-23", minutes = 180 } },
        volunteer = { minutes_on = { ["2018-08-23"] = 600 } },
      },
      expect = { outcome = "accepted", minutes = 120, findings = { "daily_limit" } },
    },
    {
      name = "当天恰好用满上限,不减",
      given = { span_minutes = 120, minutes = 120, busiest_day_minutes = 720 },
      expect = { outcome = "accepted", minutes = 120, findings = {} },
    },
    {
      name = "当天上限已满",
      given = {
        span_minutes = 60,
        minutes = 60,
        busiest_day_minutes = 780,
        days = { { date = "2018-08-23", minutes = 60 } },
        volunteer = { minutes_on = { ["2018-08-23"] = 720 } },
      },
      expect = { outcome = "refused", minutes = 0, findings = { "daily_limit" } },
    },
    {
      name = "跨年夜班,按两天分别计上限",
      given = {
        span_minutes = 600,
        minutes = 600,
        busiest_day_minutes = 840,
        days = { { date = "2018-12-31", minutes = 240 }, { date = "2019-01-01", minutes = 360 } },
        volunteer = { minutes_on = { ["2018-12-31"] = 600, ["2019-01-01"] = 0 } },
      },
      context = { as_of = "2018-12-31" },
      expect = { outcome = "accepted", minutes = 480, findings = { "daily_limit" } },
    },
    {
      name = "闰日",
      given = {
        span_minutes = 90,
        minutes = 90,
        busiest_day_minutes = 790,
        days = { { date = "2020-02-29", minutes = 90 } },
        volunteer = { minutes_on = { ["2020-02-29"] = 700 } },
      },
      context = { as_of = "2020-02-29" },
      expect = { outcome = "accepted", minutes = 20, findings = { "daily_limit" } },
    },
    {
      name = "与另一条记录重叠",
      given = {
        span_minutes = 120,
        minutes = 120,
        days = { { date = "2018-08-23", minutes = 120 } },
        overlaps = { "tszyz:r17" },
      },
      expect = { outcome = "held", minutes = 120, findings = { "overlap" } },
    },
    {
      name = "恰好三十天后录入",
      given = {
        span_minutes = 120,
        minutes = 120,
        days = { { date = "2018-08-23", minutes = 120 } },
        delay_minutes = 30 * 24 * 60,
        delay_days = 30,
      },
      expect = { outcome = "accepted", minutes = 120 },
    },
    {
      name = "超过三十天一分钟",
      given = {
        span_minutes = 120,
        minutes = 120,
        days = { { date = "2018-08-23", minutes = 120 } },
        delay_minutes = 30 * 24 * 60 + 1,
        delay_days = 31,
        source = "tszyz",
      },
      expect = { outcome = "held", minutes = 120, findings = { "late_entry" } },
    },
    {
      name = "迁移来源不受录入期限限制",
      given = {
        span_minutes = 120,
        minutes = 120,
        days = { { date = "2018-08-23", minutes = 120 } },
        delay_minutes = 400 * 24 * 60,
        delay_days = 400,
        source = "tszyz-history",
      },
      parameters = { migrators = { "tszyz-history" } },
      expect = { outcome = "accepted", minutes = 120, findings = {} },
    },
    {
      name = "重叠又晚录,两条理由都写明",
      given = {
        span_minutes = 120,
        minutes = 120,
        days = { { date = "2018-08-23", minutes = 120 } },
        overlaps = { "tszyz:r17", "tszyz:r18" },
        delay_minutes = 90 * 24 * 60,
        delay_days = 90,
      },
      expect = { outcome = "held", minutes = 120, findings = { "overlap", "late_entry" } },
    },
    {
      name = "签到签退,早到晚走的半小时不计",
      given = {
        span_minutes = 150,
        minutes = 150,
        busiest_day_minutes = 150,
        derived = true,
        check_ins = 1,
        minutes_in_shift = 120,
      },
      expect = { outcome = "accepted", minutes = 120, findings = { "outside_shift" } },
    },
    {
      name = "恰好第三次签到",
      given = {
        span_minutes = 60,
        minutes = 60,
        busiest_day_minutes = 180,
        derived = true,
        check_ins = 3,
        minutes_in_shift = 60,
      },
      expect = { outcome = "accepted", minutes = 60, findings = {} },
    },
    {
      name = "当天第四次签到",
      given = {
        span_minutes = 60,
        minutes = 60,
        busiest_day_minutes = 240,
        derived = true,
        check_ins = 4,
        minutes_in_shift = 60,
      },
      expect = { outcome = "held", minutes = 60, findings = { "too_many_check_ins" } },
    },
    {
      name = "全在班次之外",
      given = {
        span_minutes = 40,
        minutes = 40,
        busiest_day_minutes = 40,
        derived = true,
        check_ins = 1,
        minutes_in_shift = 0,
      },
      expect = { outcome = "refused", minutes = 0, findings = { "outside_shift" } },
    },
    {
      name = "改为早到晚走也计",
      given = {
        span_minutes = 150,
        minutes = 150,
        busiest_day_minutes = 150,
        derived = true,
        check_ins = 1,
        minutes_in_shift = 120,
      },
      parameters = { only_in_shift = false },
      expect = { outcome = "accepted", minutes = 150, findings = {} },
    },
    {
      name = "本市的例会不计时长",
      given = { span_minutes = 120, minutes = 120, activity = { kind = "meeting" } },
      parameters = { excluded_kinds = { "meeting" } },
      expect = { outcome = "refused", minutes = 0, findings = { "excluded_kind" } },
    },
    {
      name = "本市例会不计,服务照计",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        activity = { kind = "service" },
      },
      parameters = { excluded_kinds = { "meeting" } },
      expect = { outcome = "accepted", minutes = 120, findings = {} },
    },
    {
      name = "补录,活动有签到而本人没有",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        method = "manual",
        by_hand = true,
        activity = { uses_sign_in = true },
      },
      expect = { outcome = "held", minutes = 120, findings = { "back_office" } },
    },
    {
      name = "导入,本人签过到",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        method = "import",
        by_hand = true,
        activity = { uses_sign_in = true },
        signed_in = true,
      },
      expect = { outcome = "accepted", minutes = 120, findings = {  } },
    },
    {
      name = "补录而未签到,本市不看这一项",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        method = "manual",
        by_hand = true,
        activity = { uses_sign_in = true },
      },
      parameters = { back_office = "off" },
      expect = { outcome = "accepted", minutes = 120, findings = {  } },
    },
    {
      name = "三百人的活动没有人签到,抽中",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        method = "manual",
        by_hand = true,
        activity = { places = 300 },
        drawn = true,
      },
      parameters = { spot_check_per_mille = 0 },
      expect = { outcome = "accepted", minutes = 120, findings = { "no_attendance" } },
    },
    {
      name = "恰好五十人",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        method = "import",
        by_hand = true,
        activity = { places = 50 },
      },
      parameters = { no_attendance = "held" },
      expect = { outcome = "held", minutes = 120, findings = { "no_attendance" } },
    },
    {
      name = "四十九人的不算大型",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        method = "import",
        by_hand = true,
        activity = { places = 49 },
      },
      parameters = { no_attendance = "held" },
      expect = { outcome = "accepted", minutes = 120, findings = {  } },
    },
    {
      name = "五百零一人的另有办法",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        method = "import",
        by_hand = true,
        activity = { places = 501 },
      },
      parameters = { no_attendance = "held" },
      expect = { outcome = "accepted", minutes = 120, findings = {  } },
    },
    {
      name = "同一秒十人签到",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        method = "automatic",
        activity = { uses_sign_in = true, check_ins_at_once = 10 },
      },
      parameters = { same_second = "held" },
      expect = { outcome = "held", minutes = 120, findings = { "same_second" } },
    },
    {
      name = "同一秒九人签到",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        method = "code",
        activity = { uses_sign_in = true, check_ins_at_once = 9 },
      },
      parameters = { same_second = "held" },
      expect = { outcome = "accepted", minutes = 120, findings = {  } },
    },
    {
      name = "不看同一秒签到",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        method = "automatic",
        activity = { uses_sign_in = true, check_ins_at_once = 99 },
      },
      parameters = { same_second = "off" },
      expect = { outcome = "accepted", minutes = 120, findings = {  } },
    },
    {
      name = "一分钟录入三十条",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        method = "manual",
        by_hand = true,
        entries_in_minute = 30,
        entries_on_day = 40,
      },
      parameters = { entry_rate = "held" },
      expect = { outcome = "held", minutes = 120, findings = { "entry_rate" } },
    },
    {
      name = "一天录入三百条",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        method = "manual",
        by_hand = true,
        entries_on_day = 300,
      },
      parameters = { entry_rate = "held" },
      expect = { outcome = "held", minutes = 120, findings = { "entry_rate" } },
    },
    {
      name = "一天录入二百九十九条",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        method = "manual",
        by_hand = true,
        entries_in_minute = 29,
        entries_on_day = 299,
      },
      parameters = { entry_rate = "held" },
      expect = { outcome = "accepted", minutes = 120, findings = {  } },
    },
    {
      name = "不看录入快慢",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        method = "manual",
        by_hand = true,
        entries_in_minute = 300,
      },
      parameters = { entry_rate = "off" },
      expect = { outcome = "accepted", minutes = 120, findings = {  } },
    },
    {
      name = "抽查",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        method = "automatic",
        drawn = true,
      },
      expect = { outcome = "accepted", minutes = 120, findings = { "spot_check" } },
    },
    {
      name = "核实不实后一年内不接受补录",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        method = "manual",
        by_hand = true,
        volunteer = { false_on = "2018-03-01", minutes = 60000 },
      },
      context = { as_of = "2019-03-01" },
      parameters = { barred_years = 1, barred_hours = 100 },
      expect = { outcome = "refused", minutes = 0, findings = { "manual_entry_barred" } },
    },
    {
      name = "满一年,再服务恰好一百小时",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        method = "manual",
        by_hand = true,
        volunteer = { false_on = "2018-03-01", minutes = 6000 },
      },
      context = { as_of = "2019-03-02" },
      parameters = { barred_years = 1, barred_hours = 100 },
      expect = { outcome = "accepted", minutes = 120, findings = {  } },
    },
    {
      name = "满一年,再服务差一分钟一百小时",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        method = "manual",
        by_hand = true,
        volunteer = { false_on = "2018-03-01", minutes = 5999 },
      },
      context = { as_of = "2019-03-02" },
      parameters = { barred_years = 1, barred_hours = 100 },
      expect = { outcome = "refused", minutes = 0, findings = { "manual_entry_barred" } },
    },
    {
      name = "签到得来的时长不受影响",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        method = "automatic",
        volunteer = { false_on = "2018-03-01" },
      },
      context = { as_of = "2018-03-02" },
      parameters = { barred_years = 1, barred_hours = 100 },
      expect = { outcome = "accepted", minutes = 120, findings = {  } },
    },
    {
      name = "录入人录过不实记录",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        method = "manual",
        by_hand = true,
        recorder_false_on = "2018-03-01",
      },
      context = { as_of = "2018-08-23" },
      parameters = { barred_years = 1, barred_hours = 100 },
      expect = { outcome = "held", minutes = 120, findings = { "recorder_watched" } },
    },
    {
      name = "录入人的事过了一年",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        method = "manual",
        by_hand = true,
        recorder_false_on = "2018-03-01",
      },
      context = { as_of = "2019-03-02" },
      parameters = { barred_years = 1, barred_hours = 100 },
      expect = { outcome = "accepted", minutes = 120, findings = {  } },
    },
    {
      name = "录入九秒后审核通过,抽中",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        drawn = true,
        review_seconds = 9,
      },
      context = { cause = "service.reviewed" },
      expect = { outcome = "accepted", minutes = 120, findings = { "quick_approval" } },
    },
    {
      name = "录入十秒后审核通过",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        drawn = true,
        review_seconds = 10,
      },
      context = { cause = "service.reviewed" },
      expect = { outcome = "accepted", minutes = 120, findings = {  } },
    },
    {
      name = "二百条审核由一人作出",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        review_seconds = 9000,
        organisation_reviews = 200,
        reviewer_reviews = 190,
      },
      context = { cause = "service.reviewed" },
      expect = { outcome = "accepted", minutes = 120, findings = { "one_approver" } },
    },
    {
      name = "二百条审核,一人一百八十九条",
      given = {
        span_minutes = 120,
        minutes = 120,
        busiest_day_minutes = 120,
        review_seconds = 9000,
        organisation_reviews = 200,
        reviewer_reviews = 189,
      },
      context = { cause = "service.reviewed" },
      expect = { outcome = "accepted", minutes = 120, findings = {  } },
    },
  },
}
