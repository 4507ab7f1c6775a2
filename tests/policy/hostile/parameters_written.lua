-- fails: cannot be changed
return {
  decide = function(volunteer, parameters, context)
    parameters.hours = { 1 }
    return 1
  end,
}
