-- fails: keeps an iterator
local step = pairs({ 1, 2, 3 })
return {
  decide = function()
    return step()
  end,
}
