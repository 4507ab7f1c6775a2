-- fails: budget of instructions
return {
  decide = function(volunteer, parameters, context)
    local n = 0
    for _ = 1, 40000 do
      n = n + math.fmod(1e308, 1e-308)
    end
    return 1
  end,
}
