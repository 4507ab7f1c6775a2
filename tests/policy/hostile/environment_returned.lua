-- fails: not a plain table
return {
  decide = function(volunteer, parameters, context)
    return _ENV
  end,
}
