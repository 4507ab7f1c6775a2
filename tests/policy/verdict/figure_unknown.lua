-- refused: figure: there is no 'resident': did you mean 'residents'
return {
  name = "rule",
  kind = "assessment",
  title = "t",
  decide = function(subject, parameters, context)
    return { indicators = { { id = "n", state = "met", value = subject:figure("resident") } } }
  end,
  cases = {
    { name = "one", given = {}, expect = { indicators = { n = "met" } } },
  },
}
