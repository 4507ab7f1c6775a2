-- refused [10 unknown_parameter]: the parameter 'huors' is in no set and in no description: did you mean 'hours'?
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  parameters = {
    ["2018-01-01"] = { hours = 3 },
  },
  decide = function(volunteer, parameters, context)
    return volunteer.stars > 9 and parameters.huors or parameters.hours - 3
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
