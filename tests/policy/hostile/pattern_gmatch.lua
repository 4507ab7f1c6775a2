-- fails: budget of instructions
return {
  decide = function(volunteer, parameters, context)
    for _ in string.gmatch(string.rep("a", 15000), "a-a-a-b") do end
    return 1
  end,
}
