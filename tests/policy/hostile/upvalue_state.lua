-- fails: outer local was assigned
local n = 0
return {
  decide = function()
    n = n + 1
    return n
  end,
}
