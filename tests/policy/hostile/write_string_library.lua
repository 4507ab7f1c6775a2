-- fails: cannot be changed
return {
  decide = function(volunteer, parameters, context)
    string.x = 1
  end,
}
