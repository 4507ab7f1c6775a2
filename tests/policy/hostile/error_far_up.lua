-- fails: budget of instructions
return {
  decide = function(volunteer, parameters, context)
    while true do
      pcall(error, "x", 9223372036854775807)
    end
  end,
}
