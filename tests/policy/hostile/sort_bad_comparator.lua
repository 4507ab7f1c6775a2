-- fails: 
return {
  decide = function(volunteer, parameters, context)
    local t = {}
    for i = 1, 200 do
      t[i] = (i * 7919) % 200
    end
    table.sort(t, function() return true end)
    error("sorted")
  end,
}
