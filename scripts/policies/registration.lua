-- 志愿者注册:身份信息是否齐全、年龄是否合适。
-- 注册管理办法:十四至十八周岁须监护人同意;更小的孩子由监护人陪同,同样须同意。
local words = { suspended = "暂停", deregistered = "注销" }

-- 证件的持有人换了编号再来注册:以前的暂停、注销还算数。
local function outcome_of_former(volunteer, parameters)
  local former = volunteer.former_standing
  local outcome = former and parameters["former_" .. former] or "accepted"
  if outcome ~= "accepted" then
    finding("former_standing", words[former])
  end
  return outcome
end

return {
  name = "registration",
  kind = "registration",
  title = "志愿者注册审核",
  texts = {
    too_young = "%d 周岁,未满 %d 周岁不予注册",
    guardian_consent_missing = "%d 周岁,未满 %d 周岁须有监护人同意",
    age_unknown = "出生年月不详,无法核对年龄",
    identity_missing = "缺少身份信息",
    former_standing = "证件持有人以前的注册被%s,须核实",
  },
  describe = {
    least_age = { title = "最小年龄", unit = "周岁" },
    adult_age = { title = "无须监护人同意的年龄", unit = "周岁" },
    identity_required = { title = "是否必须有身份信息" },
    former_suspended = { title = "以前的注册还在暂停(held 待核,refused 不予注册,accepted 不看)" },
    former_deregistered = { title = "以前的注册被注销(同上)" },
  },
  parameters = {
    ["2000-01-01"] = {
      least_age = 3,
      adult_age = 18,
      identity_required = true,
      former_suspended = "held",
      former_deregistered = "held",
    },
  },
  decide = function(volunteer, parameters, context)
    local outcome = outcome_of_former(volunteer, parameters)
    if outcome == "refused" then
      return outcome
    end
    local age = volunteer:age(context.as_of)
    if not age then
      finding("age_unknown")
      outcome = "held"
    elseif age < parameters.least_age then
      finding("too_young", age, parameters.least_age)
      return "refused"
    elseif age < parameters.adult_age and not volunteer.guardian_consent then
      finding("guardian_consent_missing", age, parameters.adult_age)
      outcome = "held"
    end
    if parameters.identity_required and not volunteer.has_identity then
      finding("identity_missing")
      outcome = "held"
    end
    return outcome
  end,
  cases = {
    {
      name = "成年人,信息齐全",
      given = { age = 35, has_identity = true },
      expect = { outcome = "accepted", findings = {} },
    },
    {
      name = "恰好十八周岁,无须监护人同意",
      given = { age = 18, has_identity = true },
      expect = { outcome = "accepted", findings = {} },
    },
    {
      name = "十七周岁,没有监护人同意",
      given = { age = 17, has_identity = true },
      expect = { outcome = "held", findings = { "guardian_consent_missing" } },
    },
    {
      name = "十七周岁,监护人已同意",
      given = { age = 17, has_identity = true, guardian_consent = true },
      expect = { outcome = "accepted", findings = {} },
    },
    {
      name = "十四周岁,监护人已同意",
      given = { age = 14, has_identity = true, guardian_consent = true },
      expect = "accepted",
    },
    {
      name = "十三周岁,没有监护人同意",
      given = { age = 13, has_identity = true },
      expect = { outcome = "held", findings = { "guardian_consent_missing" } },
    },
    {
      name = "恰好三周岁,监护人已同意",
      given = { age = 3, has_identity = true, guardian_consent = true },
      expect = "accepted",
    },
    {
      name = "两周岁,监护人同意也不予注册",
      given = { age = 2, has_identity = true, guardian_consent = true },
      expect = { outcome = "refused", findings = { "too_young" } },
    },
    {
      name = "闰日那天满十八周岁",
      given = { age = { ["2020-02-29"] = 18 }, has_identity = true },
      context = { as_of = "2020-02-29" },
      expect = { outcome = "accepted", findings = {} },
    },
    {
      name = "出生年月不详",
      given = { has_identity = true },
      expect = { outcome = "held", findings = { "age_unknown" } },
    },
    {
      name = "没有身份信息",
      given = { age = 40 },
      expect = { outcome = "held", findings = { "identity_missing" } },
    },
    {
      name = "年龄和身份信息都不详",
      given = {},
      expect = { outcome = "held", findings = { "age_unknown", "identity_missing" } },
    },
    {
      name = "以前的注册还在暂停",
      given = { age = 40, has_identity = true, former_standing = "suspended" },
      expect = { outcome = "held", findings = { "former_standing" } },
    },
    {
      name = "以前的注册被注销,本市不予注册",
      given = { age = 40, has_identity = true, former_standing = "deregistered" },
      parameters = { former_deregistered = "refused" },
      expect = { outcome = "refused", findings = { "former_standing" } },
    },
    {
      name = "以前的注册被注销,本市不看",
      given = { age = 40, has_identity = true, former_standing = "deregistered" },
      parameters = { former_deregistered = "accepted" },
      expect = { outcome = "accepted", findings = {} },
    },
    {
      name = "本市不要求身份信息时",
      given = { age = 40 },
      parameters = { identity_required = false },
      expect = { outcome = "accepted", findings = {} },
    },
  },
}
