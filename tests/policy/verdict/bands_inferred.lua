-- warned [7 overlap]: rates: [2] ends with 199 and [3] begins with 199
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  parameters = {
    ["2018-01-01"] = { rates = { { from = 0, to = 99 }, { from = 100, to = 199 }, { from = 199 } } },
  },
  decide = function(volunteer, parameters, context)
    return parameters.rates and 0
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
