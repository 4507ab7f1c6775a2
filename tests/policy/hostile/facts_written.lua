-- fails: facts cannot be changed
return {
  decide = function(volunteer, parameters, context)
    volunteer.stars = 5
    return 5
  end,
}
