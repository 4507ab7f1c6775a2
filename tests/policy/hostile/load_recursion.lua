-- fails: too many values at once
local function f(n)
  return 1 + f(n + 1)
end
f(1)
return {
  decide = function(volunteer, parameters, context)
    return 1
  end,
}
