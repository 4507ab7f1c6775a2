-- fails: budget of instructions
return {
  decide = function(volunteer, parameters, context)
    local s = string.rep("(", 15000)
    for _ = 1, 1000 do
      s:find("%b()")
    end
    return 1
  end,
}
