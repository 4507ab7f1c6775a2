-- fails: budget of
return {
  decide = function(volunteer, parameters, context)
    local t = {}
    for i = 1, 1000000 do
      t[i] = string.rep("x", 15000) .. i
    end
    return 1
  end,
}
