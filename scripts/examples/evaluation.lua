-- 按《全国志愿服务工作测评体系(试行)》(2012)的办法计分:A 得该项分值的 100%,B 得 66%,C 得 33%,C# 不得分。
-- 四组测评项,分值由城市定;材料审核、实地考察、问卷调查、网络调查的结果由人提交(evidence.submitted)、另一人审核后才算;
-- 没有审核通过的佐证,该项按 C# 计,并写明缺什么。得分一律以百分之一分为单位的整数,不用小数。
local grades = { A = 100, B = 66, C = 33, ["C#"] = 0 }
local order = { "A", "B", "C", "C#" }

local groups = {
  mechanism = "运行机制",
  culture = "志愿服务文化",
  activity = "志愿服务活动",
  basis = "队伍和阵地",
}

-- 公众知晓率:不低于 95 % 为 A,不低于 80 % 为 B,不低于 70 % 为 C,否则 C#
local function by_rate(part, whole, bounds)
  for i, percent in ipairs(bounds) do
    if 100 * part >= percent * whole then
      return order[i]
    end
  end
  return "C#"
end

-- 符合全部为 A,少一条为 B,其余 C#
local function by_conditions(conditions)
  local met = 0
  for _, condition in ipairs(conditions) do
    met = met + (condition and 1 or 0)
  end
  return met == #conditions and "A" or met == #conditions - 1 and "B" or "C#", met
end

return {
  name = "evaluation",
  kind = "assessment",
  title = "志愿服务工作测评",
  texts = {
    no_evidence = "%s:没有审核通过的佐证,按 C# 计",
    lost = "%s,失 %d 分(百分之一分)",
    total = "总分 %d,满分 %d(百分之一分)",
  },
  describe = {
    weights = { title = "各项分值", unit = "分" },
    awareness = { title = "知晓率 A、B、C 的下限", unit = "%" },
    pass = { title = "总分达到满分的百分之几为达标", unit = "%", range = { 1, 100 } },
  },
  parameters = {
    ["2018-01-01"] = {
      weights = { mechanism = 6, awareness = 6, registration = 6, activities = 6, stations = 6 },
      awareness = { 95, 80, 70 },
      pass = 80,
    },
  },
  decide = function(subject, parameters, context)
    if context.subject ~= "region" or subject.level ~= "city" and subject.level ~= "county" then
      return { indicators = {} }
    end
    local list, sum = {}, { score = 0, max = 0 }

    local function add(id, group, title, state, evidence)
      local weight = parameters.weights[id] or 0
      local points = weight * grades[state]
      evidence.group = groups[group]
      list[#list + 1] = {
        id = "evaluation_" .. id,
        title = title,
        value = state,
        target = "A",
        state = state,
        score = points,
        max = weight * 100,
        evidence = evidence,
      }
      if points < weight * 100 then
        finding("lost", title .. " " .. state, weight * 100 - points)
      end
      sum.score, sum.max = sum.score + points, sum.max + weight * 100
    end

    -- 由人评定等次的项
    local function graded(id, group, title)
      local found = subject:evidence(id)
      if not (found and found.state) then
        finding("no_evidence", title)
        add(id, group, title, "C#", {})
      else
        add(id, group, title, found.state, { evidence = found.evidence, method = found.method, on = found.on })
      end
    end

    -- 问卷调查的项:知晓的人数占调查的人数
    local function surveyed(id, group, title, bounds)
      local found = subject:evidence(id)
      if not (found and found.value and found.whole) then
        finding("no_evidence", title)
        add(id, group, title, "C#", {})
      else
        add(id, group, title, by_rate(found.value, found.whole, bounds), {
          evidence = found.evidence,
          numerator = found.value,
          denominator = found.whole,
          on = found.on,
        })
      end
    end

    graded("mechanism", "mechanism", "领导体制和运行机制")
    surveyed("awareness", "culture", "公众知晓率", parameters.awareness)
    graded("activities", "activity", "志愿服务活动")

    -- 队伍:注册率大于 13 %、有社区志愿服务队伍、注册志愿者中有在职党员
    local residents = subject:figure("built_up_residents") or 0
    local volunteers = subject:count("volunteers")
    local state, met = by_conditions({
      residents > 0 and 100 * volunteers > 13 * residents,
      subject:count("teams") > 0,
      subject:count("in_service_party_members") > 0,
    })
    add("registration", "basis", "志愿者队伍", state, { conditions_met = met, conditions = 3 })

    -- 阵地:服务站全部建成、全部投入使用、至少有一个
    local planned, built, opened =
      subject:count("stations_planned"), subject:count("stations_built"), subject:count("stations_opened")
    state, met = by_conditions({ planned > 0, planned > 0 and built == planned, planned > 0 and opened == planned })
    add("stations", "basis", "社区志愿服务站", state, { conditions_met = met, conditions = 3 })

    finding("total", sum.score, sum.max)
    list[#list + 1] = {
      id = "evaluation_total",
      title = "测评总分",
      value = sum.score,
      target = "≥ " .. parameters.pass .. "%",
      state = 100 * sum.score >= parameters.pass * sum.max and "met" or "not_met",
      score = sum.score,
      max = sum.max,
      evidence = {},
    }
    return { indicators = list }
  end,
  cases = {
    {
      name = "全部为 A 得满分",
      context = { subject = "region" },
      given = {
        level = "county",
        evidence = {
          mechanism = { state = "A", method = "documents", on = "2018-08-01", evidence = "e:1" },
          awareness = { value = 95, whole = 100, method = "questionnaire", on = "2018-08-01", evidence = "e:2" },
          activities = { state = "A", method = "site_visit", on = "2018-08-01", evidence = "e:3" },
        },
        count = {
          volunteers = 14,
          teams = 1,
          in_service_party_members = 1,
          stations_planned = 2,
          stations_built = 2,
          stations_opened = 2,
        },
        figure = { built_up_residents = 100 },
      },
      expect = {
        indicators = {
          evaluation_mechanism = { state = "A", score = 600, max = 600 },
          evaluation_total = { state = "met", score = 3000, max = 3000 },
        },
      },
    },
    {
      name = "B 得 66 %,C 得 33 %,C# 不得分",
      given = {
        level = "city",
        evidence = {
          mechanism = { state = "B", method = "documents", on = "2018-08-01", evidence = "e:1" },
          awareness = { value = 70, whole = 100, method = "questionnaire", on = "2018-08-01", evidence = "e:2" },
          activities = { state = "C#", method = "site_visit", on = "2018-08-01", evidence = "e:3" },
        },
      },
      expect = {
        indicators = {
          evaluation_mechanism = { state = "B", score = 396 },
          evaluation_awareness = { state = "C", score = 198 },
          evaluation_activities = { state = "C#", score = 0 },
          evaluation_total = { state = "not_met", score = 594, max = 3000 },
        },
      },
    },
    {
      name = "知晓率恰好 95 % 为 A,差一人为 B",
      given = {
        level = "county",
        evidence = {
          awareness = { value = 949, whole = 1000, method = "questionnaire", on = "2018-08-01", evidence = "e:2" },
        },
      },
      expect = { indicators = { evaluation_awareness = "B" } },
    },
    {
      name = "知晓率不到 70 % 为 C#",
      given = {
        level = "county",
        evidence = {
          awareness = { value = 699, whole = 1000, method = "questionnaire", on = "2018-08-01", evidence = "e:2" },
        },
      },
      expect = { indicators = { evaluation_awareness = { state = "C#", score = 0 } } },
    },
    {
      name = "三条符合两条为 B",
      given = { level = "county", count = { teams = 1, in_service_party_members = 1 } },
      expect = { indicators = { evaluation_registration = "B", evaluation_stations = "C#" } },
    },
    {
      name = "没有佐证按 C# 计,并写明",
      given = { level = "county" },
      expect = { indicators = { evaluation_mechanism = "C#" }, findings = { "no_evidence", "total" } },
    },
    { name = "社区不评", given = { level = "community" }, expect = { indicators = {} } },
    { name = "单位不评", given = {}, context = { subject = "organisation" }, expect = { indicators = {} } },
  },
}
