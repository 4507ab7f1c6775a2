-- fails: invalid
return {
  decide = function(volunteer, parameters, context)
    return #string.format("%.9999f", 1.0)
  end,
}
