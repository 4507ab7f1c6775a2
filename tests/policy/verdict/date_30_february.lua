-- refused [7 load]: parameters: '2018-02-30' is not a date
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  parameters = {
    ["2018-02-30"] = { hours = 3 },
  },
  decide = function(volunteer, parameters, context)
    return parameters.hours - 3
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
