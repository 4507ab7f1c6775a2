-- warned [8 parameter_missing]: days is missing
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  parameters = {
    ["2018-01-01"] = { hours = 3, days = 1 },
    ["2019-01-01"] = { hours = 4 },
  },
  decide = function(volunteer, parameters, context)
    return parameters.hours and parameters.days and 0 or 0
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
