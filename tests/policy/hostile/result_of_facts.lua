-- fails: must be a whole number
return {
  decide = function(volunteer, parameters, context)
    return volunteer
  end,
}
