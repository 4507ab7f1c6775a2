-- fails: must be a whole number
return {
  decide = function(volunteer, parameters, context)
    return math.mininteger // -1
  end,
}
