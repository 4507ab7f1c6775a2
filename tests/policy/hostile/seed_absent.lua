-- fails: nil value (field 'randomseed')
return {
  decide = function(volunteer, parameters, context)
    math.randomseed(1)
    return 1
  end,
}
