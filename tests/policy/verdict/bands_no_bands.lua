-- refused [10 band]: rates: [2]: { from = NUMBER, to = NUMBER } is expected
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  describe = {
    rates = { title = "r", kind = "bands" },
  },
  parameters = {
    ["2018-01-01"] = { rates = { { to = 99 }, { form = 100 } } },
  },
  decide = function(volunteer, parameters, context)
    return parameters.rates and 0
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
