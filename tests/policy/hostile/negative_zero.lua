-- fails: must be a whole number
return {
  decide = function(volunteer, parameters, context)
    return 1 / -0.0
  end,
}
