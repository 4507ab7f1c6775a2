-- fails: budget of instructions
return {
  decide = function(volunteer, parameters, context)
    return string.match(string.rep("a", 5000), "(a*)*(a*)(a*)b") or 1
  end,
}
