-- fails: must be a whole number
return {
  decide = function(volunteer, parameters, context)
    return function() return 1 end
  end,
}
