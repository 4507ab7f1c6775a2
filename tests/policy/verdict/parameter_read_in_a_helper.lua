-- ok
local function sum(p) return p.hours + p["days"] end
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  parameters = {
    ["2018-01-01"] = { hours = 3, days = 0 },
  },
  decide = function(volunteer, parameters, context)
    local all = parameters
    return sum(all) - 3
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
