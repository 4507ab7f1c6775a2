-- fails: budget of instructions
return {
  decide = function(volunteer, parameters, context)
    return string.find(string.rep("a", 4000), "(a*)(a*)%1%2b") or 1
  end,
}
