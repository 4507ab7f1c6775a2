-- fails: is asked of an object
return {
  decide = function(volunteer, parameters, context)
    return volunteer.minutes({})
  end,
}
