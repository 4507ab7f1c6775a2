-- fails: budget of instructions
return {
  decide = function(volunteer, parameters, context)
    local s = string.rep("a", 15000)
    local p = string.rep("a", 7000) .. "b"
    for _ = 1, 1000 do
      s:find(p, 1, true)
    end
    return 1
  end,
}
