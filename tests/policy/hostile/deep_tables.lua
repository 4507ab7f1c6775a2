-- fails: too deep within each other
local outer = {}
local inner = outer
for _ = 1, 90000 do
  local next = {}
  inner.next = next
  inner = next
end
return {
  decide = function()
    return outer.next and 1
  end,
}
