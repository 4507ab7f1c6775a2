-- fails: must be a whole number
return {
  decide = function(volunteer, parameters, context)
    return 1 << 62
  end,
}
