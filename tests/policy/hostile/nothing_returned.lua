-- fails: it is missing
return {
  decide = function(volunteer, parameters, context)
    return
  end,
}
