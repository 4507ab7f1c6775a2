-- ok
return {
  name = "rule",
  kind = "assessment",
  title = "t",
  decide = function(subject, parameters, context)
    local whole = subject:figure("built_up_residents")
    local part = subject:count("volunteers")
    local state = not whole and "no_data" or 100 * part > 13 * whole and "met" or "not_met"
    return { indicators = { { id = "registered", value = part, state = state, evidence = { whole = whole } } } }
  end,
  cases = {
    { name = "one", given = { count = { volunteers = 14 }, figure = { built_up_residents = 100 } }, expect = { indicators = { registered = { state = "met", value = 14, evidence = { whole = 100 } } } } },
    { name = "one", given = { figure = { built_up_residents = { ["2017-12-31"] = 5, ["2019-01-01"] = 7 } } }, context = { as_of = "2018-06-30" }, expect = { indicators = { registered = { state = "not_met", evidence = { whole = 5 } } } } },
  },
}
