-- refused [7 fact_misused]: 'minutes' is asked with a colon: :minutes{...}
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  decide = function(volunteer, parameters, context)
    return volunteer.minutes({})
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
