-- fails: too many values at once
-- Each call copies all that came before: without a limit a million instructions are a minute.
local function widen(...)
  return widen(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ...)
end
return {
  decide = function()
    return widen()
  end,
}
