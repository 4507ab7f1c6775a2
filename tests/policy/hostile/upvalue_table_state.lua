-- fails: cannot be changed
local seen = { list = {} }
return {
  decide = function()
    seen.list[#seen.list + 1] = 1
    return #seen.list
  end,
}
