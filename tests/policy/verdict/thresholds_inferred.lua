-- warned [7 not_ascending]: night_hours: [2] is 300 and [3] 200
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  parameters = {
    ["2018-01-01"] = { night_hours = { 100, 300, 200 } },
  },
  decide = function(volunteer, parameters, context)
    return parameters.night_hours and 0
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
