-- fails: budget of instructions
return {
  decide = function(volunteer, parameters, context)
    return #string.gsub(string.rep("a", 4000), "(a*)(a*)b", "%1%2")
  end,
}
