-- fails: cannot be changed
return {
  decide = function(volunteer, parameters, context)
    table.move({ 1, 2, 3 }, 1, 3, 1, parameters)
  end,
}
