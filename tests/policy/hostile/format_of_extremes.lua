-- fails: budget of instructions
return {
  decide = function(volunteer, parameters, context)
    for _ = 1, 10000 do
      local text = string.format("%.99f", 1e308)
    end
    return 1
  end,
}
