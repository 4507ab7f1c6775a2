-- refused: there is no 'registred'; there are: registered
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
    { name = "one", given = {}, expect = { indicators = { registred = "met" } } },
  },
}
