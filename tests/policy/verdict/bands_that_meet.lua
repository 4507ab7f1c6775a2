-- ok
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  parameters = {
    ["2018-01-01"] = { a = { { from = 0, to = 100 }, { from = 100, to = 200 }, { from = 200 } }, b = { { to = 99 }, { from = 100, to = 199 } }, c = { { code = "x" }, { code = "y" } } },
  },
  decide = function(volunteer, parameters, context)
    return parameters.a and parameters.b and parameters.c and 0
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
