-- fails: budget of instructions
return {
  decide = function(volunteer, parameters, context)
    for _ = math.maxinteger - 1, math.maxinteger do
      for _ = math.mininteger, math.maxinteger do
      end
    end
  end,
}
