-- fails: attempt to index a string value
return {
  decide = function(volunteer, parameters, context)
    ("x").y = 1
  end,
}
