-- refused [7 duplicate_key]: 'hours' stands in this table already
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  parameters = {
    ["2018-01-01"] = { hours = 3, days = 2, hours = 4 },
  },
  decide = function(volunteer, parameters, context)
    return parameters.hours - parameters.days
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
