-- fails: must be a whole number
return {
  decide = function(volunteer, parameters, context)
    return "5", 5, 5, 5
  end,
}
