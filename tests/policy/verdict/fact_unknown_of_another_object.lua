-- refused [8 unknown_fact]: region has no fact 'stars'
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  decide = function(volunteer, parameters, context)
    local place = volunteer.region
    return volunteer.stars > 9 and place.parent.stars or 0
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
