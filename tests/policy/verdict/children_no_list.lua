-- refused: a list of tables of facts of a region is expected
return {
  name = "rule",
  kind = "assessment",
  title = "t",
  decide = function(subject, parameters, context)
    return { indicators = { { id = "n", state = "met", value = #subject.children } } }
  end,
  cases = {
    { name = "one", given = { children = 7 }, expect = { indicators = { n = "met" } } },
  },
}
