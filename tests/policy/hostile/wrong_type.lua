-- fails: must be a whole number from 0 to 5
return {
  decide = function(volunteer, parameters, context)
    return "five"
  end,
}
