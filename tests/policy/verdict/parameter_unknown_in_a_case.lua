-- refused [13 unknown_parameter]: case one: the parameter 'huors'
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  parameters = {
    ["2018-01-01"] = { hours = 3 },
  },
  decide = function(volunteer, parameters, context)
    return parameters.hours - 3
  end,
  cases = { 
    { name = "one", given = {}, parameters = { huors = 3 }, expect = 0 },
   },
}
