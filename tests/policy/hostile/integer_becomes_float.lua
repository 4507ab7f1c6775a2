-- fails: outer local was assigned
local number = 1
return {
  decide = function()
    local first = math.type(number) == "integer"
    number = 1.0
    return first and 1 or 0
  end,
}
