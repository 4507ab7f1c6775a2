-- fails: too many values at once
-- A caught error makes Lua's stack smaller: it must not grow further than before afterwards.
local function deep(n)
  if n == 0 then
    error("x")
  end
  return 1 + deep(n - 1)
end
local function widen(...)
  return widen(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ...)
end
return {
  decide = function()
    for _ = 1, 10 do
      pcall(deep, 30)
    end
    return widen()
  end,
}
