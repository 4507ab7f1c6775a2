-- fails: too many values at once
-- Results are copied at every return.
local function many(n)
  if n == 0 then
    return 1
  end
  return 1, 2, 3, many(n - 1)
end
return {
  decide = function()
    while true do
      local first = many(5000)
      if not first then
        return 1
      end
    end
  end,
}
