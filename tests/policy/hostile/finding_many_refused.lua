-- fails: budget of instructions
-- Each copies its texts, whether it is kept or not.
return {
  decide = function()
    local text = string.rep("x", 250)
    for _ = 1, 30000 do
      pcall(finding, "CODE", text)
    end
    return 1
  end,
}
