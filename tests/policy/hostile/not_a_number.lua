-- fails: must be a whole number from 0 to 5
return {
  decide = function(volunteer, parameters, context)
    return 0 / 0
  end,
}
