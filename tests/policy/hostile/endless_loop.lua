-- fails: budget of instructions
return {
  decide = function(volunteer, parameters, context)
    while true do end
  end,
}
