-- fails: budget of instructions
return {
  decide = function(volunteer, parameters, context)
    local n = 0
    for i = 1, math.huge do
      n = i
    end
    return n
  end,
}
