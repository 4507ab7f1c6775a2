-- fails: cannot
return {
  decide = function(volunteer, parameters, context)
    library.x = {}
  end,
}
