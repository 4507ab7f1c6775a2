-- fails: attempt to divide by zero
return {
  decide = function(volunteer, parameters, context)
    return 1 // 0
  end,
}
