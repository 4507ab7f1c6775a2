-- fails: 'debug' is not known
return {
  decide = function(volunteer, parameters, context)
    return debug.getinfo(1).currentline
  end,
}
