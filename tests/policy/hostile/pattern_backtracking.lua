-- fails: budget of instructions
return {
  decide = function(volunteer, parameters, context)
    local s = string.rep("a", 15000)
    return s:find(".-.-.-.-b") or 1
  end,
}
