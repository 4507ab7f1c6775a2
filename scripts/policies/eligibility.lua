-- 报名资格:谁可以报名参加一项活动(或认领一个岗位),名额不够时谁候补。
-- 志愿服务条例第十五、十六条:与年龄、知识、技能相适应;专门知识、技能须先培训,法定执业资格须具备。
-- 第二十四条:应急志愿服务由政府统一指挥;宣布应急响应期间,当地的应急活动按 emergency_waives 放宽(未成年人不得参加危险活动不在其列)。
-- 第十七条:可能发生人身危险的活动须先买人身意外伤害保险;未成年人不得参加抢险救灾等危险活动。

local function is_listed(value, list)
  for _, listed in ipairs(list) do
    if value == listed then
      return true
    end
  end
  return false
end

-- 抢险救灾一类:应急活动,或服务领域在清单里。
local function is_dangerous(activity, parameters)
  if activity.emergency then
    return true
  end
  for _, domain in ipairs(activity.domains) do
    if is_listed(domain, parameters.dangerous_domains) then
      return true
    end
  end
  return false
end

-- 三种结论由轻到重:通过、候补、不予通过;取最重的一个。
local ranks = { accepted = 0, waitlisted = 1, refused = 2 }

local function worse(one, other)
  return ranks[other] > ranks[one] and other or one
end

-- 年龄:按活动当天的周岁。
local function check_age(request, needs, dangerous, parameters)
  local volunteer, outcome = request.volunteer, "accepted"
  local age = volunteer:age(request.on)
  if not age then
    if needs.min_age or needs.max_age or dangerous then
      finding("age_unknown")
      outcome = "waitlisted"
    end
    return outcome
  end
  if needs.min_age and age < needs.min_age then
    finding("too_young", age, needs.min_age)
    outcome = "refused"
  end
  if needs.max_age and age > needs.max_age then
    finding("too_old", age, needs.max_age)
    outcome = "refused"
  end
  if age < parameters.adult_age and dangerous then
    finding("minor_in_danger", age, parameters.adult_age)
    outcome = "refused"
  elseif age < parameters.adult_age and not volunteer.guardian_consent then
    finding("guardian_consent_missing", age, parameters.adult_age)
    outcome = worse(outcome, "waitlisted")
  end
  return outcome
end

local function holds(volunteer, name, on)
  for _, held in ipairs(volunteer.qualifications) do
    if held.qualification == name and (not held.valid_until or held.valid_until >= on) then
      return true
    end
  end
  return false
end

-- 培训、资格、技能:活动当天须有效。
local function check_skills(request, needs)
  local volunteer, on, outcome = request.volunteer, request.on, "accepted"
  for _, course in ipairs(needs.courses or {}) do
    if #volunteer:trainings({ course = course, valid_on = on }) == 0 then
      finding("training_missing", course)
      outcome = "refused"
    end
  end
  for _, name in ipairs(needs.qualifications or {}) do
    if not holds(volunteer, name, on) then
      finding("qualification_missing", name)
      outcome = "refused"
    end
  end
  for _, skill in ipairs(needs.skills or {}) do
    if not is_listed(skill, volunteer.skills) then
      finding("skill_missing", skill)
      outcome = "refused"
    end
  end
  return outcome
end

local function check_person(request, needs)
  local volunteer, outcome = request.volunteer, "accepted"
  if needs.min_stars and volunteer.stars < needs.min_stars then
    finding("stars", volunteer.stars, needs.min_stars)
    outcome = "refused"
  end
  local party = volunteer.party_status
  if needs.party_member and (not party or party == "none") then
    finding("party_member")
    outcome = "refused"
  end
  return outcome
end

-- 统一指挥之下,哪些理由不再拦人;放宽了什么也写明。
local function waived(request, reason, parameters)
  if not request.activity.emergency or not is_listed(reason, parameters.emergency_waives) then
    return false
  end
  local emergency = request.emergency
  if emergency then
    finding("emergency", emergency)
  end
  return emergency ~= nil
end

local function check_activity(request, parameters)
  local activity = request.activity
  local needs, dangerous = activity.needs, is_dangerous(activity, parameters)
  local outcome = check_age(request, needs, dangerous, parameters)
  outcome = worse(outcome, check_skills(request, needs))
  outcome = worse(outcome, check_person(request, needs))
  if dangerous and not activity.insured and not waived(request, "insurance_missing", parameters) then
    finding("insurance_missing")
    outcome = worse(outcome, "waitlisted")
  end
  local overlaps = request.overlaps
  if #overlaps > 0 and not waived(request, "overlap", parameters) then
    finding("overlap", overlaps[1])
    outcome = "refused"
  end
  return outcome
end

return {
  name = "eligibility",
  kind = "eligibility",
  title = "报名资格审核",
  texts = {
    age_unknown = "出生年月不详,无法核对年龄,先候补",
    too_young = "活动当天 %d 周岁,须满 %d 周岁",
    too_old = "活动当天 %d 周岁,不得超过 %d 周岁",
    minor_in_danger = "活动当天 %d 周岁,未满 %d 周岁不得参加抢险救灾等危险活动",
    guardian_consent_missing = "活动当天 %d 周岁,未满 %d 周岁须有监护人同意,先候补",
    training_missing = "未完成(或已过期)规定的培训 %s",
    qualification_missing = "不具备(或已过期)规定的资格 %s",
    skill_missing = "不具备规定的技能 %s",
    stars = "现为 %d 星,须达 %d 星",
    party_member = "本活动限党员报名",
    insurance_missing = "危险活动须先购买人身意外伤害保险,先候补",
    emergency = "应急响应 %s 期间,由统一指挥调度,放宽",
    overlap = "与已报名的活动 %s 时间冲突",
    no_places = "名额已满,候补",
  },
  describe = {
    adult_age = { title = "成年年龄", unit = "周岁" },
    dangerous_domains = { title = "视为危险的服务领域" },
    emergency_waives = { title = "应急响应期间放宽的理由" },
  },
  parameters = {
    ["2000-01-01"] = {
      adult_age = 18,
      dangerous_domains = { "抢险救灾", "应急救助" },
      emergency_waives = { "insurance_missing", "overlap" },
    },
  },
  decide = function(request, parameters)
    local outcome = "accepted"
    if request.activity then
      outcome = check_activity(request, parameters)
    end
    local places = request.places_left
    if places and places <= 0 and outcome ~= "refused" then
      finding("no_places")
      outcome = "waitlisted"
    end
    return outcome
  end,
  cases = {
    {
      name = "成年人,有名额",
      given = {
        volunteer = { age = 35 },
        activity = { category = "elderly" },
        on = "2018-08-23",
        places_left = 3,
      },
      expect = { outcome = "accepted", findings = {} },
    },
    {
      name = "名额已满,候补",
      given = { volunteer = { age = 35 }, activity = {}, on = "2018-08-23", places_left = 0 },
      expect = { outcome = "waitlisted", findings = { "no_places" } },
    },
    {
      name = "恰好达到最小年龄",
      given = {
        volunteer = { age = { ["2018-08-23"] = 18 } },
        activity = { needs = { min_age = 18 } },
        on = "2018-08-23",
        places_left = 1,
      },
      expect = { outcome = "accepted", findings = {} },
    },
    {
      name = "差一岁",
      given = {
        volunteer = { age = 17, guardian_consent = true },
        activity = { needs = { min_age = 18 } },
        on = "2018-08-23",
        places_left = 1,
      },
      expect = { outcome = "refused", findings = { "too_young" } },
    },
    {
      name = "超过最大年龄",
      given = {
        volunteer = { age = 71 },
        activity = { needs = { max_age = 70 } },
        on = "2018-08-23",
        places_left = 1,
      },
      expect = { outcome = "refused", findings = { "too_old" } },
    },
    {
      name = "未成年人不得抢险,监护人同意也不行",
      given = {
        volunteer = { age = 17, guardian_consent = true },
        activity = { domains = { "抢险救灾" }, insured = true },
        on = "2018-08-23",
        places_left = 1,
      },
      expect = { outcome = "refused", findings = { "minor_in_danger" } },
    },
    {
      name = "恰好十八周岁可以参加应急活动",
      given = {
        volunteer = { age = 18 },
        activity = { emergency = true, insured = true },
        on = "2018-08-23",
        places_left = 1,
      },
      expect = { outcome = "accepted", findings = {} },
    },
    {
      name = "危险活动没有保险,先候补",
      given = {
        volunteer = { age = 30 },
        activity = { emergency = true },
        on = "2018-08-23",
        places_left = 1,
      },
      expect = { outcome = "waitlisted", findings = { "insurance_missing" } },
    },
    {
      name = "宣布应急响应以后,保险由统一指挥办理,不再候补",
      given = {
        volunteer = { age = 30 },
        activity = { emergency = true },
        emergency = "em:1",
        on = "2018-08-23",
        places_left = 1,
      },
      expect = { outcome = "accepted", findings = { "emergency" } },
    },
    {
      name = "应急响应期间,不是应急活动的照常审核",
      given = {
        volunteer = { age = 30 },
        activity = { domains = { "抢险救灾" } },
        emergency = "em:1",
        on = "2018-08-23",
        places_left = 1,
      },
      expect = { outcome = "waitlisted", findings = { "insurance_missing" } },
    },
    {
      name = "应急响应期间,未成年人仍不得参加抢险",
      given = {
        volunteer = { age = 17, guardian_consent = true },
        activity = { emergency = true, insured = true },
        emergency = "em:1",
        on = "2018-08-23",
        places_left = 1,
      },
      expect = { outcome = "refused", findings = { "minor_in_danger" } },
    },
    {
      name = "应急响应期间,与平时的活动冲突不拦;名额仍不得超过",
      given = {
        volunteer = { age = 30 },
        activity = { emergency = true, insured = true },
        emergency = "em:1",
        on = "2018-08-23",
        overlaps = { "tszyz:a7" },
        places_left = 0,
      },
      expect = { outcome = "waitlisted", findings = { "emergency", "no_places" } },
    },
    {
      name = "十六周岁,没有监护人同意,先候补",
      given = { volunteer = { age = 16 }, activity = {}, on = "2018-08-23", places_left = 1 },
      expect = { outcome = "waitlisted", findings = { "guardian_consent_missing" } },
    },
    {
      name = "年龄不详而活动有年龄要求",
      given = {
        volunteer = {},
        activity = { needs = { min_age = 18 } },
        on = "2018-08-23",
        places_left = 1,
      },
      expect = { outcome = "waitlisted", findings = { "age_unknown" } },
    },
    {
      name = "年龄不详,活动没有年龄要求",
      given = { volunteer = {}, activity = {}, on = "2018-08-23", places_left = 1 },
      expect = { outcome = "accepted", findings = {} },
    },
    {
      name = "培训在活动前一天过期",
      given = {
        volunteer = {
          age = 30,
          trainings = { { course = "急救", on = "2017-08-22", valid_until = "2018-08-22" } },
        },
        activity = { needs = { courses = { "急救" } } },
        on = "2018-08-23",
        places_left = 1,
      },
      expect = { outcome = "refused", findings = { "training_missing" } },
    },
    {
      name = "培训到活动当天仍有效",
      given = {
        volunteer = {
          age = 30,
          trainings = { { course = "急救", on = "2017-08-23", valid_until = "2018-08-23" } },
        },
        activity = { needs = { courses = { "急救" } } },
        on = "2018-08-23",
        places_left = 1,
      },
      expect = { outcome = "accepted", findings = {} },
    },
    {
      name = "资格与技能齐备",
      given = {
        volunteer = {
          age = 30,
          skills = { "driving" },
          qualifications = { { qualification = "护士" } },
        },
        activity = { needs = { qualifications = { "护士" }, skills = { "driving" } } },
        on = "2018-08-23",
        places_left = 1,
      },
      expect = { outcome = "accepted", findings = {} },
    },
    {
      name = "资格已过期,技能也没有,两条理由都写明",
      given = {
        volunteer = {
          age = 30,
          qualifications = { { qualification = "护士", valid_until = "2018-08-22" } },
        },
        activity = { needs = { qualifications = { "护士" }, skills = { "driving" } } },
        on = "2018-08-23",
        places_left = 1,
      },
      expect = { outcome = "refused", findings = { "qualification_missing", "skill_missing" } },
    },
    {
      name = "星级恰好够",
      given = {
        volunteer = { age = 30, stars = 3 },
        activity = { needs = { min_stars = 3 } },
        on = "2018-08-23",
        places_left = 1,
      },
      expect = { outcome = "accepted", findings = {} },
    },
    {
      name = "星级差一级,又不是党员",
      given = {
        volunteer = { age = 30, stars = 2, party_status = "none" },
        activity = { needs = { min_stars = 3, party_member = true } },
        on = "2018-08-23",
        places_left = 1,
      },
      expect = { outcome = "refused", findings = { "stars", "party_member" } },
    },
    {
      name = "离退休党员也是党员",
      given = {
        volunteer = { age = 65, party_status = "retired" },
        activity = { needs = { party_member = true } },
        on = "2018-08-23",
        places_left = 1,
      },
      expect = { outcome = "accepted", findings = {} },
    },
    {
      name = "与已报名的活动时间冲突,名额已满也不候补",
      given = {
        volunteer = { age = 30 },
        activity = {},
        on = "2018-08-23",
        overlaps = { "tszyz:a7" },
        places_left = 0,
      },
      expect = { outcome = "refused", findings = { "overlap" } },
    },
    {
      name = "认领岗位,不限人数",
      given = { volunteer = { age = 30 }, post = { kind = "crossing" } },
      expect = { outcome = "accepted", findings = {} },
    },
    {
      name = "认领岗位,名额已满",
      given = { volunteer = { age = 30 }, post = { kind = "crossing" }, places_left = 0 },
      expect = { outcome = "waitlisted", findings = { "no_places" } },
    },
  },
}
