-- fails: budget of instructions
return {
  decide = function(volunteer, parameters, context)
    -- Nothing, sixteen thousand times.
    for _ = 1, 2000 do
      local text = string.rep("", 16000)
    end
    return 1
  end,
}
