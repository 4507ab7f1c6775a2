-- fails: 'load' is not known
return {
  decide = function(volunteer, parameters, context)
    return load("return 1")()
  end,
}
