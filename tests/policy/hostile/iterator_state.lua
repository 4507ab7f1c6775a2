-- fails: keeps an iterator
local letters = string.gmatch("abcdef", ".")
return {
  decide = function()
    return letters() == "a" and 1 or 2
  end,
}
