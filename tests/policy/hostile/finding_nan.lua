-- fails: value is a whole number, a text
return {
  decide = function(volunteer, parameters, context)
    finding("n", 0 / 0)
    return 1
  end,
}
