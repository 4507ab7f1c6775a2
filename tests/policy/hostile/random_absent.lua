-- fails: attempt to call a nil value
return {
  decide = function(volunteer, parameters, context)
    return math.random(5)
  end,
}
