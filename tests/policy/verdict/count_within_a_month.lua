-- refused: the first day of a month
return {
  name = "rule",
  kind = "assessment",
  title = "t",
  decide = function(subject, parameters, context)
    return { indicators = { { id = "n", state = "met", value = subject:count("minutes", { from = "2018-08-02" }) } } }
  end,
  cases = {
    { name = "one", given = {}, expect = { indicators = { n = "met" } } },
  },
}
