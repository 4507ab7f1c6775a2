-- fails: %p is not allowed
return {
  decide = function(volunteer, parameters, context)
    finding("address", string.format("%-20p", {}))
    return 1
  end,
}
