-- fails: too many values at once
local function f(...)
  return f(1, 2, 3, 4, 5, ...)
end
f()
return {
  decide = function(volunteer, parameters, context)
    return 1
  end,
}
