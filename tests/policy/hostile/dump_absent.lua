-- fails: attempt to call a nil value
return {
  decide = function(volunteer, parameters, context)
    return #string.dump(function() end)
  end,
}
