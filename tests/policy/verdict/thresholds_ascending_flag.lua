-- refused [10 not_ascending]: steps: [1] is 300 and [2] 300
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  describe = {
    steps = { title = "s", ascending = true },
  },
  parameters = {
    ["2018-01-01"] = { steps = { 300, 300 } },
  },
  decide = function(volunteer, parameters, context)
    return parameters.steps and 0
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
