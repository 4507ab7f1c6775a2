-- fails: facts cannot be changed
return {
  decide = function(volunteer, parameters, context)
    context.year = 1
  end,
}
