-- ok
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  parameters = {
    ["2018-01-01"] = { stars = 1 },
    ["2019-01-01"] = { stars = 2 },
  },
  decide = function(volunteer, parameters, context)
    return parameters.stars
  end,
  cases = { { name = "then", given = {}, context = { as_of = "2018-12-31" }, expect = 1 },
    { name = "now", given = {}, context = { as_of = "2019-01-01" }, expect = 2 } },
}
