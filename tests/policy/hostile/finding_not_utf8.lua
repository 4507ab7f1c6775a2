-- fails: value is a whole number, a text
return {
  decide = function(volunteer, parameters, context)
    finding("n", "\xff\xfe")
    return 1
  end,
}
