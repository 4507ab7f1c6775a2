-- fails: outer local was assigned
local number = 0 / 0
return {
  decide = function()
    local first = number ~= number
    number = 7
    return first and 1 or 0
  end,
}
