-- fails: did you mean 'minutes'
return {
  decide = function(volunteer, parameters, context)
    return volunteer:minuts({})
  end,
}
