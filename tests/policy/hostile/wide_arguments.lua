-- fails: too many values at once, or calls too deep
return {
  decide = function(volunteer, parameters, context)
    local function count(...)
      while true do
        local n = select("#", ...)
      end
    end
    local function widen(n, ...)
      if n == 0 then
        return count(...)
      end
      return widen(n - 1, n, ...)
    end
    return widen(2000)
  end,
}
