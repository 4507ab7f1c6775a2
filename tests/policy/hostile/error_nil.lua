-- fails: value that is not a text
return {
  decide = function(volunteer, parameters, context)
    error()
  end,
}
