-- refused: policies of this kind are not asked by this version
return {
  name = "rule",
  kind = "standing",
  title = "t",
  decide = function(subject, parameters, context)
    return {}
  end,
  cases = {
    { name = "one", given = {}, expect = {} },
  },
}
