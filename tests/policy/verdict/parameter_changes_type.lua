-- refused [8 parameter_type]: hours: it is a list of numbers, but a number in the set of 2018-01-01
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  parameters = {
    ["2018-01-01"] = { hours = 3 },
    ["2019-01-01"] = { hours = { 3 } },
  },
  decide = function(volunteer, parameters, context)
    return parameters.hours and 0
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
