-- fails: budget of memory
return {
  decide = function(volunteer, parameters, context)
    local t = {}
    for i = 1, 10000000 do
      t[i] = { i }
    end
    return 1
  end,
}
