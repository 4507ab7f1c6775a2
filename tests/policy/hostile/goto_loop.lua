-- fails: budget of instructions
return {
  decide = function(volunteer, parameters, context)
    ::again::
    goto again
  end,
}
