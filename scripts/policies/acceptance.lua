-- 时长认定:一条服务记录能不能计入、计多少分钟。
-- 先看硬性上限(不予认定),再看每日上限(少计),最后看是否要人工审核(待核)。

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

return {
  name = "acceptance",
  kind = "acceptance",
  title = "服务时长认定",
  texts = {
    span_too_long = "服务时段长 %d 分钟,超过单次上限 %d 分钟,多为漏签退,不予认定",
    daily_limit = "每人每日至多认定 %d 分钟,其中 %d 分钟不予认定",
    overlap = "与另一条记录 %s 时间重叠,请核实",
    late_entry = "服务结束 %d 天后才录入,超过 %d 天须审核",
    too_many_check_ins = "当天在同一活动签到 %d 次,超过 %d 次须审核",
    outside_shift = "有 %d 分钟在班次起止时间之外,不予认定",
  },
  describe = {
    span_hours = { title = "单次服务时段上限", unit = "小时" },
    daily_minutes = { title = "每人每日认定上限", unit = "分钟" },
    delay_days = { title = "录入期限", unit = "天" },
    migrators = { title = "历史数据迁移来源(不受录入期限限制)" },
    check_ins_a_day = { title = "同一活动每日签到次数上限", unit = "次" },
    only_in_shift = { title = "签到签退只计班次之内的时间" },
  },
  parameters = {
    ["2000-01-01"] = {
      span_hours = 24,
      daily_minutes = 720,
      delay_days = 30,
      migrators = {},
      check_ins_a_day = 3,
      only_in_shift = true,
    },
  },
  decide = function(record, parameters)
    local span = record.span_minutes
    if span > parameters.span_hours * 60 then
      finding("span_too_long", span, parameters.span_hours * 60)
      return "refused"
    end
    local counted = within_daily_limit(record, parameters.daily_minutes)
    local cut = record.minutes - counted
    if cut > 0 then
      finding("daily_limit", parameters.daily_minutes, cut)
    end
    local outcome = "accepted"
    if record.derived then
      outcome, counted = judge_stay(record, parameters, counted)
    end
    if counted == 0 then
      return "refused"
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
  },
}
