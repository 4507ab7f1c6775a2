-- fails: table.concat would make
return {
  decide = function(volunteer, parameters, context)
    return #table.concat({}, "", 1, math.maxinteger) + #table.concat({ "" }, "", 1, 1)
      + (function() while true do end end)()
  end,
}
