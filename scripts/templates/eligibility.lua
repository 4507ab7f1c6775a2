-- 报名资格:一个人能不能参加一项活动、认领一个岗位。有人报名或认领时来问。
-- 活动是否照常举行、注册是否有效、资格是否暂停由系统核对,不必写在这里。
-- 检查:volunteerctl policy test NAME.lua
return {
  name = "NAME",
  kind = "eligibility",
  title = "报名资格审核",
  -- basis = "文件编号",
  texts = {
    too_young = "活动当天 %d 周岁,须满 %d 周岁",
    no_places = "名额已满,候补",
  },
  describe = {
    least_age = { title = "最小年龄", unit = "周岁", range = { 0, 150 } },
  },
  parameters = {
    ["2018-01-01"] = { least_age = 14 },
  },
  decide = function(request, parameters)
    -- request.activity 或 request.post 是所报的活动或岗位;年龄按活动当天算,不详时为 nil。
    local age = request.volunteer:age(request.on)
    if age and age < parameters.least_age then
      finding("too_young", age, parameters.least_age)
      return "refused"
    end
    -- places_left 为 nil 时不限人数。
    local places = request.places_left
    if places and places <= 0 then
      finding("no_places")
      return "waitlisted"
    end
    return "accepted"
  end,
  cases = {
    {
      name = "恰好十四周岁",
      given = { volunteer = { age = 14 }, on = "2018-08-23", places_left = 1 },
      expect = { outcome = "accepted", findings = {} },
    },
    {
      name = "差一岁",
      given = { volunteer = { age = 13 }, on = "2018-08-23", places_left = 1 },
      expect = { outcome = "refused", findings = { "too_young" } },
    },
    {
      name = "名额已满",
      given = { volunteer = { age = 30 }, on = "2018-08-23", places_left = 0 },
      expect = { outcome = "waitlisted", findings = { "no_places" } },
    },
  },
}
