-- fails: must be a date
return {
  decide = function(volunteer, parameters, context)
    return { stars = 1, valid_until = "next year" }
  end,
}
