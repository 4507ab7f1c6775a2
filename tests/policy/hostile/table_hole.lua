-- fails: budget of
return {
  decide = function(volunteer, parameters, context)
    local t = {}
    for i = 1, 40 do
      t[1 << i] = i
    end
    local n = 0
    while true do
      for k in pairs(t) do n = n + k end
    end
  end,
}
