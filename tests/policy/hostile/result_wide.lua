-- fails: must be a whole number
return {
  decide = function(volunteer, parameters, context)
    local list = {}
    for i = 1, 250 do
      list[i] = 0.5
    end
    return table.unpack(list)
  end,
}
