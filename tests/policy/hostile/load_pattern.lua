-- fails: budget of instructions
local x = string.find(string.rep("a", 9000), "(a*)(a*)(a*)b")
return {
  decide = function(volunteer, parameters, context)
    return 1
  end,
}
