-- warned [8 out_of_order]: '2018-01-01' comes before the day in front of it
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  parameters = {
    ["2019-01-01"] = { hours = 3 },
    ["2018-01-01"] = { hours = 4 },
  },
  decide = function(volunteer, parameters, context)
    return parameters.hours - 3
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
