-- fails: 'xpcall' is not known
return {
  decide = function(volunteer, parameters, context)
    return xpcall(error, error)
  end,
}
