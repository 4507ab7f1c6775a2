-- fails: budget of instructions
return {
  decide = function(volunteer, parameters, context)
    table.move({}, 1, math.maxinteger - 1, 1)
    return 1
  end,
}
