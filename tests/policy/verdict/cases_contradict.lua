-- refused [9 contradiction]: the cases 'one' and 'three' give the same and expect different answers
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  decide = function(volunteer, parameters, context)
    return volunteer.stars
  end,
  cases = { { name = "one", given = { stars = 2 }, expect = 2 }, { name = "two", given = { stars = 3 }, expect = 3 },
    { name = "three", given = { stars = 2 }, expect = { stars = 1 } } },
}
