-- refused [10 overlap]: rates: [2] ends with 200 and [3] begins with 150
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  describe = {
    rates = { title = "r", kind = "bands" },
  },
  parameters = {
    ["2018-01-01"] = { rates = { { to = 99 }, { from = 100, to = 200 }, { from = 150 } } },
  },
  decide = function(volunteer, parameters, context)
    return parameters.rates and 0
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
