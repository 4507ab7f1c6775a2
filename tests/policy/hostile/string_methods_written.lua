-- fails: cannot be changed
return {
  decide = function(volunteer, parameters, context)
    string.rep = function() return "" end
    return 1
  end,
}
