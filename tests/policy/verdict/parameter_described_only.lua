-- ok
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  describe = {
    hours = { title = "h" },
    extra = { title = "e" },
  },
  parameters = {
    ["2018-01-01"] = { hours = 3 },
  },
  decide = function(volunteer, parameters, context)
    return parameters.hours - 3 + (parameters.extra or 0)
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
