-- fails: budget of instructions
return {
  decide = function(volunteer, parameters, context)
    local function ask(...)
      for _ = 1, 20000 do
        local word = type(...)
      end
      return 1
    end
    local list = {}
    for i = 1, 250 do
      list[i] = i
    end
    return ask(table.unpack(list))
  end,
}
