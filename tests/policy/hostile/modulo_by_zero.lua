-- fails: attempt to perform
return {
  decide = function(volunteer, parameters, context)
    return 1 % 0
  end,
}
