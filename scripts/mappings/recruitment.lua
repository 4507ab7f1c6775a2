-- 天水市志愿者招募平台与志愿服务系统之间的字段对照。管理员可以直接修改本文件，改后执行
--   volunteerctl plugin call recruitment reload
-- 即生效；写错了的，只影响用到错处的那一条，列在 recruitment.conflicts 里，注明本文件的行号。
--
-- 前五个函数各收一条平台的数据 item（item.id 编号、item.state、item.modified_time、item.data 内容）和以前说过的 before，
-- 返回要说的事情的清单，每件为 { type = 事件类型, data = 内容, time = 发生时间 }。只需说出“现在是什么样”：
-- 与以前相同的不再发，登记过的人、队伍、活动有变化的自动变成变更事件，少掉的 team.joined 自动变成 team.left。
-- before 按事件类型取以前的内容，例如 before["enrolment.requested"]；第一次见到这一条时为 nil。
-- 已删除的条目 item.state 为 "deleted"，没有 item.data。
--
-- 可用的函数：
--   need(item, "data.字段" [, 类型])  必须有，没有即列为冲突；类型为 "text"（缺省）、"whole"、"boolean"、"list"
--   may(item, "data.字段" [, 类型])   可以没有
--   code(对照表, 平台的词, "data.字段") 换成我们的代码；表里没有即列为冲突
--   ours("registrations", 平台编号)    我们的编号（已由经办人对应到本系统已有人员的，就是那个人）
--   refuse(代码, "data.字段", 说明)    交给经办人处理
-- 没有文件、网络、时钟；模式匹配只用于不超过 1,024 字节的文本。

-- ---- 对照表：左边是平台的词，右边是我们的代码 ----

local document_kinds = {
  ["居民身份证"] = "resident_id",
  ["港澳居民来往内地通行证"] = "hk_macao_permit",
  ["台湾居民来往大陆通行证"] = "taiwan_permit",
  ["护照"] = "passport",
  ["其他"] = "other",
}

local sexes = { ["男"] = "male", ["女"] = "female", ["未知"] = "" }

-- 党员在职情况；非党员平台没有这一项
local party_duties = { ["在职"] = "in_service", ["离退休"] = "retired", ["其他"] = "other" }
local party_members = { ["中共党员"] = true, ["中共预备党员"] = true, ["共青团员"] = false, ["民主党派"] = false, ["群众"] = false }

local occupations = {
  ["公务员"] = "civil_servant",
  ["事业单位"] = "institution_staff",
  ["企业职工"] = "enterprise_staff",
  ["教师"] = "teacher",
  ["医生护士"] = "medical_staff",
  ["学生"] = "student",
  ["农民"] = "farmer",
  ["个体户"] = "self_employed",
  ["自由职业"] = "freelancer",
  ["军人"] = "soldier",
  ["退休"] = "retired",
  ["无业"] = "unemployed",
  ["其他"] = "other",
}

local educations = {
  ["小学"] = "primary",
  ["初中"] = "junior_secondary",
  ["高中"] = "senior_secondary",
  ["中专"] = "vocational",
  ["大专"] = "college",
  ["本科"] = "bachelor",
  ["硕士"] = "master",
  ["博士"] = "doctor",
}

local categories = {
  ["社区邻里"] = "neighbourhood",
  ["敬老爱老"] = "elderly",
  ["助残帮扶"] = "disability",
  ["绿色环保"] = "ecology",
  ["文明礼仪"] = "courtesy",
  ["学雷锋"] = "lei_feng",
  ["党员先锋"] = "party",
  ["文明交通"] = "traffic",
  ["网络文明"] = "online",
  ["文明劝导"] = "conduct",
  ["文明旅游"] = "tourism",
  ["光盘行动"] = "dining",
  ["乡村振兴"] = "rural",
  ["窗口服务"] = "window",
  ["其它"] = "other",
}

local legal_statuses = { ["已登记"] = "registered", ["已备案"] = "filed", ["未登记"] = "grassroots" }
local enrolment_ways = { ["个人"] = "self", ["团队"] = "team", ["单位"] = "employer" }
local attendance_ways = { ["二维码"] = "qr", ["签到码"] = "code", ["定位"] = "gps", ["集体"] = "group", ["补签"] = "manual" }

-- 特长：平台是用顿号隔开的自由文本，只收我们字典里有的
local skills = {
  ["医疗"] = "medical",
  ["急救"] = "rescue",
  ["护理"] = "nursing",
  ["心理疏导"] = "counselling",
  ["法律咨询"] = "law",
  ["教学"] = "teaching",
  ["翻译"] = "translation",
  ["手语"] = "sign_language",
  ["电脑"] = "computing",
  ["家电维修"] = "repair",
  ["驾驶"] = "driving",
  ["文艺"] = "arts",
  ["摄影"] = "photography",
  ["讲解"] = "guiding",
  ["农技"] = "farming",
  ["理发"] = "haircutting",
}

-- 反方向：我们的结论换成平台的词
local decisions = { accepted = "通过", waitlisted = "候补", refused = "不通过" }

-- 平台撤销、更正签到时，经办人一栏写谁
local clerk = "recruitment-platform"

-- ---- 小工具 ----

-- 用顿号隔开的文本，换成代码的列表；表里没有的略去
local function split_skills(text)
  local list, seen, start = {}, {}, 1
  while text and start <= #text do
    local stop = string.find(text, "、", start, true)
    local word = string.sub(text, start, (stop or #text + 1) - 1)
    local ours_word = skills[word]
    if ours_word and not seen[ours_word] then
      seen[ours_word] = true
      list[#list + 1] = ours_word
    end
    start = (stop or #text) + #"、"
  end
  return list
end

-- "2018-08-23T08:55:00+08:00" 当日零时起的分钟数与日期
local function minute_of(time)
  return string.sub(time, 1, 10), tonumber(string.sub(time, 12, 13)) * 60 + tonumber(string.sub(time, 15, 16))
end

local function shift_of(item)
  local number = may(item, "data.periodNo", "whole")
  return number and string.format("%d", number)
end

-- ---- 平台 → 我们 ----

local function volunteer(item, before)
  local id = ours("registrations", item.id)
  if item.state == "deleted" then
    local data = { volunteer = id, reason = "招募平台已删除" }
    return { { type = "volunteer.withdrawn", data = data, time = item.modified_time } }
  end
  local member = code(party_members, may(item, "data.politics"), "data.politics")
  local duty = code(party_duties, may(item, "data.partyDuty"), "data.partyDuty")
  local sex = code(sexes, need(item, "data.gender"), "data.gender")
  local guardian = may(item, "data.guardian", "list")
  local registered = need(item, "data.registerTime")
  local list = {
    {
      type = "volunteer.registered",
      time = registered,
      data = {
        volunteer = id,
        region = need(item, "data.areaCode"),
        party_status = member == false and "none" or member and (duty or "other") or nil,
        sex = sex ~= "" and sex or nil,
        occupation = code(occupations, may(item, "data.job"), "data.job"),
        education = code(educations, may(item, "data.degree"), "data.degree"),
        skills = split_skills(may(item, "data.skills")),
        guardian_consent = guardian and {
          by = need(item, "data.guardian.name"),
          on = string.sub(need(item, "data.guardian.agreedAt"), 1, 10),
        } or nil,
        identity = {
          name = need(item, "data.realName"),
          document_kind = code(document_kinds, need(item, "data.idType"), "data.idType"),
          number = need(item, "data.idNo"),
          phone = may(item, "data.mobile"),
        },
      },
    },
  }
  -- 参加的队伍
  for _, team in ipairs(may(item, "data.teamIds", "list") or {}) do
    list[#list + 1] = {
      type = "team.joined",
      time = before and item.modified_time or registered,
      data = { team = ours("teams", team), volunteer = id },
    }
  end
  -- 停用指本人退出
  if need(item, "data.status") == "停用" then
    local data = { volunteer = id, reason = "本人退出" }
    list[#list + 1] = { type = "volunteer.withdrawn", data = data, time = item.modified_time }
  end
  return list
end

local function team(item)
  local id = ours("teams", item.id)
  if item.state == "deleted" then
    return { { type = "team.dissolved", data = { team = id }, time = item.modified_time } }
  end
  local professional = may(item, "data.professional")
  return {
    {
      type = "team.formed",
      time = need(item, "data.createTime"),
      data = {
        team = id,
        name = need(item, "data.teamName"),
        category = code(categories, need(item, "data.category"), "data.category"),
        region = need(item, "data.areaCode"),
        legal_status = code(legal_statuses, need(item, "data.legal"), "data.legal"),
        professional = professional and professional == "是",
        leader = ours("registrations", may(item, "data.leaderId")),
      },
    },
  }
end

local function activity(item)
  local id = ours("activities", item.id)
  if item.state == "deleted" then
    local data = { activity = id, reason = "招募平台已删除" }
    return { { type = "activity.cancelled", data = data, time = item.modified_time } }
  end
  local shifts = {}
  for n, period in ipairs(may(item, "data.periods", "list") or {}) do
    shifts[n] = {
      shift = string.format("%d", need(period, "periodNo", "whole")),
      starts = need(period, "beginTime"),
      ends = need(period, "endTime"),
      places = need(period, "num", "whole"),
    }
  end
  local age = may(item, "data.minAge", "whole")
  local person, phone = may(item, "data.contactName"), may(item, "data.contactPhone")
  local contact = person and phone and person .. " " .. phone or person or phone
  local status = need(item, "data.status")
  local list = {
    {
      type = "activity.published",
      time = need(item, "data.publishTime"),
      data = {
        activity = id,
        title = need(item, "data.activityName"),
        content = need(item, "data.intro"),
        category = code(categories, need(item, "data.category"), "data.category"),
        kind = "service",
        team = ours("teams", need(item, "data.teamId")),
        region = need(item, "data.areaCode"),
        place = { text = need(item, "data.address") },
        starts = need(item, "data.beginTime"),
        ends = need(item, "data.endTime"),
        shifts = shifts,
        places = need(item, "data.recruitNum", "whole"),
        risk = need(item, "data.riskTip"),
        insurance = may(item, "data.insurance"),
        needs = age and { min_age = age } or nil,
        contact = contact,
      },
    },
  }
  if status == "已结束" then
    list[#list + 1] = { type = "activity.closed", data = { activity = id }, time = item.modified_time }
  elseif status == "已取消" then
    local data = { activity = id, reason = "招募平台已取消" }
    list[#list + 1] = { type = "activity.cancelled", data = data, time = item.modified_time }
  elseif status ~= "招募中" then
    refuse("not_in_dictionary", "data.status", "活动状态“" .. status .. "”不认识")
  end
  return list
end

local function enrolment(item, before)
  local requested = before and before["enrolment.requested"]
  local cancelled = before and before["enrolment.cancelled"]
  if item.state == "deleted" then
    if not requested then
      return cancelled and { { type = "enrolment.cancelled", data = cancelled } } or {}
    end
    return {
      {
        type = "enrolment.cancelled",
        time = item.modified_time,
        data = {
          activity = requested.activity,
          shift = requested.shift,
          volunteer = requested.volunteer,
          reason = "招募平台已删除",
        },
      },
    }
  end
  local data = {
    activity = ours("activities", need(item, "data.activityId")),
    shift = shift_of(item),
    volunteer = ours("registrations", need(item, "data.registrationId")),
  }
  local status = need(item, "data.status")
  local list = {}
  if status == "已撤回" then
    -- 第一次见到时就已撤回的，报名和撤回都说
    if not before then
      list[1] = {
        type = "enrolment.requested",
        time = need(item, "data.applyTime"),
        data = { activity = data.activity, shift = data.shift, volunteer = data.volunteer,
                 by = code(enrolment_ways, need(item, "data.way"), "data.way") },
      }
    end
    local time = may(item, "data.cancelTime") or item.modified_time
    list[#list + 1] = { type = "enrolment.cancelled", time = time, data = data }
  elseif status == "已提交" then
    data.by = code(enrolment_ways, need(item, "data.way"), "data.way")
    local time = before and item.modified_time or need(item, "data.applyTime")
    list[1] = { type = "enrolment.requested", time = time, data = data }
  else
    refuse("not_in_dictionary", "data.status", "报名状态“" .. status .. "”不认识")
  end
  return list
end

-- item.records 是由这次签到产生的服务记录的编号
local function attendance(item, before)
  local records = item.records or {}
  if item.state == "deleted" then
    if not before or not before["attendance.checked_in"] then
      return {}
    end
    if #records == 0 then
      refuse("wrong_state", "", "平台删除了签到，但还没有产生服务记录，无从撤销；请经办人核对")
    end
    local list = {}
    for n, record in ipairs(records) do
      local data = { record = record, reason = "招募平台删除了签到", by = clerk }
      list[n] = { type = "service.revoked", time = item.modified_time, data = data }
    end
    return list
  end
  local function step(at)
    return {
      activity = ours("activities", need(item, "data.activityId")),
      shift = shift_of(item),
      volunteer = ours("registrations", need(item, "data.registrationId")),
      at = at,
      method = code(attendance_ways, need(item, "data.way"), "data.way"),
    }
  end
  local came, left = need(item, "data.checkInTime"), may(item, "data.checkOutTime")
  local list = { { type = "attendance.checked_in", time = came, data = step(came) } }
  list[1].data.distance_m = may(item, "data.distance", "whole")
  if left then
    list[2] = { type = "attendance.checked_out", time = left, data = step(left) }
  end
  -- 签退之后平台又改了时间的：不能再签一次，更正由它产生的记录
  local was_in, was_out = before and before["attendance.checked_in"], before and before["attendance.checked_out"]
  if not was_out or not left or (was_in.at == came and was_out.at == left) then
    return list
  end
  local in_day, in_minute = minute_of(came)
  local out_day, out_minute = minute_of(left)
  if #records ~= 1 or in_day ~= out_day then
    refuse("wrong_state", "data.checkOutTime", "签退之后平台又改了时间，跨日或有多条记录，请经办人用 service.corrected 更正")
  end
  return {
    { type = "attendance.checked_in", data = was_in },
    { type = "attendance.checked_out", data = was_out },
    {
      type = "service.corrected",
      time = item.modified_time,
      data = { record = records[1], minutes = out_minute - in_minute, reason = "招募平台更正了签到签退时间", by = clerk },
    },
  }
end

-- ---- 我们 → 平台：value 是我们的内容，返回平台的内容 ----

local function push_enrolment_decision(value)
  return { outcome = code(decisions, need(value, "outcome"), "outcome"), reason = may(value, "reason") }
end

local function push_hours(value)
  return { record = need(value, "record"), minutes = need(value, "minutes", "whole"),
           activityId = may(value, "activity"), day = may(value, "day") }
end

local function push_stars(value)
  return {
    stars = need(value, "stars", "whole"),
    validUntil = may(value, "valid_until"),
    certificateNo = may(value, "certificate_number"),
  }
end

local function push_certificate(value)
  return { certificateNo = need(value, "number"), minutes = may(value, "minutes", "whole"),
           status = need(value, "status") == "revoked" and "作废" or "有效" }
end

return {
  volunteer = volunteer,
  team = team,
  activity = activity,
  enrolment = enrolment,
  attendance = attendance,
  push_enrolment_decision = push_enrolment_decision,
  push_hours = push_hours,
  push_stars = push_stars,
  push_certificate = push_certificate,
}
