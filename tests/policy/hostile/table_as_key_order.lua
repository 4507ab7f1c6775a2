-- fails: a key is neither number
return {
  decide = function(volunteer, parameters, context)
    -- By addresses, which differ from run to run.
    local t = {}
    for i = 1, 10 do
      t[{}] = i
    end
    for _, n in pairs(t) do
      return n
    end
  end,
}
