-- fails: budget of instructions
return {
  decide = function(volunteer, parameters, context)
    local t = {}
    for i = 1, 100000 do
      table.insert(t, 1, i)
    end
    return 1
  end,
}
