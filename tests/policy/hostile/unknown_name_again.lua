-- fails: budget of instructions
return {
  decide = function()
    local function ask()
      return tonumbr
    end
    for _ = 1, 1000 do
      pcall(ask)
    end
    return 1
  end,
}
