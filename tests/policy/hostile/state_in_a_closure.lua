-- fails: outer local was assigned
local function counter()
  local n = 0
  return function()
    n = n + 1
    return n
  end
end
local count = counter()
return {
  decide = function(volunteer, parameters, context)
    return count()
  end,
}
