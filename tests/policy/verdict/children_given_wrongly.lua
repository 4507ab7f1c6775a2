-- refused: a region has no fact 'nam', did you mean name
return {
  name = "rule",
  kind = "assessment",
  title = "t",
  decide = function(subject, parameters, context)
    return { indicators = { { id = "n", state = "met", value = #subject.children } } }
  end,
  cases = {
    { name = "one", given = { children = { { name = "a" }, { nam = "b" } } }, expect = { indicators = { n = "met" } } },
  },
}
