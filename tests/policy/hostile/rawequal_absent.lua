-- fails: 'rawequal' is not known
return {
  decide = function(volunteer, parameters, context)
    return rawequal(1, 1)
  end,
}
