-- refused [10 not_ascending]: steps: [2] is 300 and [3] 200: each threshold has to be higher
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  describe = {
    steps = { title = "s", kind = "thresholds" },
  },
  parameters = {
    ["2018-01-01"] = { steps = { 100, 300, 200 } },
  },
  decide = function(volunteer, parameters, context)
    return parameters.steps and 0
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
