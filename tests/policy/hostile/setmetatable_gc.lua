-- fails: 'setmetatable' is not known
return {
  decide = function(volunteer, parameters, context)
    setmetatable({}, { __gc = function() while true do end end })
    return 1
  end,
}
