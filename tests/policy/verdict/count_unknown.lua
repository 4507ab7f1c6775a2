-- refused: count: 'volunteer' is not counted: did you mean 'volunteers'
return {
  name = "rule",
  kind = "assessment",
  title = "t",
  decide = function(subject, parameters, context)
    return { indicators = { { id = "n", state = "met", value = subject:count("volunteer") } } }
  end,
  cases = {
    { name = "one", given = {}, expect = { indicators = { n = "met" } } },
  },
}
