-- fails: too deep within each other
local outer = {}
local inner = outer
for _ = 1, 90000 do
  local next = {}
  inner.next = next
  inner = next
end
return {
  parameters = { ["2000-01-01"] = outer },
  decide = function()
    return 1
  end,
}
