-- fails: not available in this version
return {
  decide = function(volunteer, parameters, context)
    return volunteer:complaints({})
  end,
}
