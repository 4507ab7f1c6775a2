-- ok
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  parameters = {
    ["2018-01-01"] = { weights = { 100, 300, 200 }, hours = { 9, 5, 1 } },
  },
  decide = function(volunteer, parameters, context)
    return parameters.weights and parameters.hours and 0
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
