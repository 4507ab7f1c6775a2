-- refused: until is the last day of a suspension
return {
  name = "rule",
  kind = "standing",
  title = "t",
  decide = function(volunteer)
    return "good", "2018-12-31"
  end,
  cases = {
    { name = "one", given = {}, expect = { standing = "good" } },
  },
}
