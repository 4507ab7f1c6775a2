-- fails: nil value (field 'sin')
return {
  decide = function(volunteer, parameters, context)
    return math.sin(1) // 1
  end,
}
