-- refused: assessment returned a wrong indicators: [1] state: it is missing
return {
  name = "rule",
  kind = "assessment",
  title = "t",
  decide = function(subject, parameters, context)
    return { indicators = { { id = "registered" } } }
  end,
  cases = {
    { name = "one", given = {}, expect = { indicators = {} } },
  },
}
