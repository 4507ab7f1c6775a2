-- refused [10 gap]: rates: [1] ends with 99 and [2] begins with 101: what lies between has no answer
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  describe = {
    rates = { title = "r", kind = "bands" },
  },
  parameters = {
    ["2018-01-01"] = { rates = { { from = 0, to = 99 }, { from = 101 } } },
  },
  decide = function(volunteer, parameters, context)
    return parameters.rates and 0
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
