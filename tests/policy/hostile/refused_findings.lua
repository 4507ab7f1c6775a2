-- fails: budget of
return {
  decide = function()
    local text = string.rep("x", 250)
    while true do
      pcall(finding, "a", text, {})
    end
  end,
}
