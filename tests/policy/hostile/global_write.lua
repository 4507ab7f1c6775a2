-- fails: assignment to the global 'total'
return {
  decide = function(volunteer, parameters, context)
    total = 1
    return total
  end,
}
