-- fails: invalid
return {
  decide = function(volunteer, parameters, context)
    return #string.format("%9999d", 1)
  end,
}
