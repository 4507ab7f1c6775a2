-- fails: 'next' is not known
return {
  decide = function(volunteer, parameters, context)
    return next({})
  end,
}
