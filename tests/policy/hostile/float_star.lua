-- fails: must be a whole number
return {
  decide = function(volunteer, parameters, context)
    return 2 ^ 0.5
  end,
}
