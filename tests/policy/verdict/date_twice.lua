-- refused [8 duplicate_key]: '2018-01-01' stands in this table already, and only the last one would count: see line 7
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  parameters = {
    ["2018-01-01"] = { hours = 3 },
    ['2018-01-01'] = { hours = 4 },
  },
  decide = function(volunteer, parameters, context)
    return parameters.hours - 4
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
