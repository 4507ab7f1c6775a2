-- fails: table.concat would make
return {
  decide = function(volunteer, parameters, context)
    local t, s = {}, string.rep("x", 1000)
    for i = 1, 1000 do
      t[i] = s
    end
    return #table.concat(t)
  end,
}
