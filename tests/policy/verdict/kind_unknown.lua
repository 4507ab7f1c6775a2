-- refused: did you mean bulletin
return {
  name = "rule",
  kind = "bulletins",
  title = "t",
  decide = function(subject, parameters, context)
    return {}
  end,
  cases = {
    { name = "one", given = {}, expect = {} },
  },
}
