-- fails: did you mean 'from'
return {
  decide = function(volunteer, parameters, context)
    return volunteer:minutes({ form = "2018-01-01" })
  end,
}
