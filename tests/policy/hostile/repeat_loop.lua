-- fails: budget of instructions
return {
  decide = function(volunteer, parameters, context)
    repeat
    until nil
  end,
}
