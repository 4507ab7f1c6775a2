-- warned [7 unread_parameter]: the parameter 'hours' is never read
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  parameters = {
    ["2018-01-01"] = { hours = 3, days = 0 },
  },
  decide = function(volunteer, parameters, context)
    return parameters.days
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
