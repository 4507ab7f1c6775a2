-- fails: cannot be changed
return {
  decide = function(volunteer, parameters, context)
    table.insert(parameters, 1)
  end,
}
