-- fails: budget of instructions
return {
  decide = function(volunteer, parameters, context)
    return string.find(string.rep("a", 40), string.rep("a?", 40) .. string.rep("a", 40))
  end,
}
