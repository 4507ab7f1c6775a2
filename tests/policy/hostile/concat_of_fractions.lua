-- fails: budget of
return {
  decide = function(volunteer, parameters, context)
    local list = {}
    for i = 1, 500 do
      list[i] = i + 0.1
    end
    for _ = 1, 250 do
      local text = table.concat(list)
    end
    return 1
  end,
}
