-- fails: facts cannot be changed
return {
  decide = function(volunteer, parameters, context)
    volunteer.count = 1
  end,
}
