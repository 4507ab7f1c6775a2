-- fails: too deep within each other
local call = function()
  return 1
end
for _ = 1, 50000 do
  local inner = call
  call = function()
    return inner()
  end
end
return {
  decide = function()
    return call()
  end,
}
