-- fails: outer local was assigned
local number = 0.0
return {
  decide = function()
    local first = 1 / number > 0
    number = -0.0
    return first and 1 or 0
  end,
}
