-- refused [7 parameter_type]: hours: [2] is no number as [1] is
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  parameters = {
    ["2018-01-01"] = { hours = { 3, "4" } },
  },
  decide = function(volunteer, parameters, context)
    return parameters.hours and 0
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
