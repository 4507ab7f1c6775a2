-- 诚信核查:哪些记录要请人再看一眼。信号只是提示,不是结论;记录是否属实由核查人答复,误报逐项统计。
-- 每个信号由同名参数决定怎么办:"held" 待核(审核通过才计入),"sampled" 照常计入、请人抽查,"off" 不看。
-- 信号代码(back_office 等)由程序统计,名称不能改;文字写在使用它的规则的 texts 里。

-- 参数里没有的信号不看:早先的参数集照旧。
local function is_on(action)
  return action == "held" or action == "sampled"
end

-- 照常计入的,涉及整场活动或大批录入的只抽其中千分之几;待核的每条都待核。
local function concerns(action, record, parameters)
  return action == "held" or action == "sampled" and record:drawn(parameters.sampled_per_mille)
end

-- 出现信号:写明依据;返回是否待核。
local function raise(action, code, value)
  finding(code, value)
  return action == "held"
end

-- 活动用签到,这个人没有签到,时长却是补录或导入的。
local function back_office(record, parameters)
  local action = parameters.back_office
  return is_on(action) and not record.signed_in and raise(action, "back_office")
end

-- 几十上百人的活动,没有一个人签到。
local function no_attendance(record, activity, parameters)
  local action = parameters.no_attendance
  if not concerns(action, record, parameters) then
    return false
  end
  local places = activity.places
  return places >= parameters.large_from
    and places <= parameters.large_to
    and raise(action, "no_attendance", places)
end

-- 同一秒里许多人各自签到。
local function same_second(record, activity, parameters)
  local action = parameters.same_second
  if not is_on(action) then
    return false
  end
  local at_once = activity.check_ins_at_once
  return at_once >= parameters.at_once
    and concerns(action, record, parameters)
    and raise(action, "same_second", at_once)
end

-- 一个人一分钟、一天里人工录入得太多。
local function entry_rate(record, parameters)
  local action = parameters.entry_rate
  if not is_on(action) then
    return false
  end
  local minute, day = record.entries_in_minute, record.entries_on_day
  if minute < parameters.entries_a_minute and day < parameters.entries_a_day then
    return false
  end
  return concerns(action, record, parameters)
    and raise(action, "entry_rate", minute >= parameters.entries_a_minute and minute or day)
end

local function of_activity(record, by_hand, parameters)
  local activity = record.activity
  if not activity then
    return false
  elseif not by_hand then
    return same_second(record, activity, parameters)
  elseif activity.uses_sign_in then
    return back_office(record, parameters)
  end
  return no_attendance(record, activity, parameters)
end

-- 记录录入时的各个信号;返回是否待核。
local function of_entry(record, parameters)
  local by_hand = record.by_hand
  local held = of_activity(record, by_hand, parameters)
  if by_hand and record.method == "manual" and entry_rate(record, parameters) then
    held = true
  end
  return held
end

-- 审核本身的信号:录入几秒后就审核通过;一个组织的记录几乎都由一个人审核(每满若干条提示一次)。
local function of_review(record, parameters)
  local quick = parameters.quick_approval
  local seconds = is_on(quick) and record.review_seconds
  if seconds and seconds < parameters.approval_seconds and concerns(quick, record, parameters) then
    finding("quick_approval", seconds)
  end
  if not is_on(parameters.one_approver) then
    return
  end
  local least, all = parameters.approver_least, record.organisation_reviews
  if all >= least and all % least == 0 then
    local own = record.reviewer_reviews
    if own * 1000 >= all * parameters.approver_per_mille then
      finding("one_approver", own, all)
    end
  end
end

-- 核实为不实之后:若干年内、并且再服务满若干小时之前,不接受为本人的人工补录。返回其日期。
local function barred_since(record, parameters, context)
  local volunteer = record.volunteer
  local on = (parameters.barred_years or 0) > 0 and volunteer.false_on
  if not on then
    return nil
  end
  local ends = string.format("%04d", tonumber(on:sub(1, 4)) + parameters.barred_years) .. on:sub(5)
  local served = volunteer:minutes({ from = on })
  return (context.as_of <= ends or served < parameters.barred_hours * 60) and on or nil
end

-- 录入人录过不实的记录:若干年内其人工录入都待核。
local function is_watched(record, parameters, context)
  local on = (parameters.barred_years or 0) > 0 and record.recorder_false_on
  if not on then
    return false
  end
  local ends = string.format("%04d", tonumber(on:sub(1, 4)) + parameters.barred_years) .. on:sub(5)
  return context.as_of <= ends
end

return {
  of_entry = of_entry,
  of_review = of_review,
  barred_since = barred_since,
  is_watched = is_watched,
}
