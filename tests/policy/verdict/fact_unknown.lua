-- refused [8 unknown_fact]: volunteer has no fact 'minuets': did you mean 'minutes'?
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  decide = function(volunteer, parameters, context)
    if volunteer.stars > 9 then
      return volunteer:minuets({})
    end
    return 0
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
