-- fails: not a text
return {
  decide = function(volunteer, parameters, context)
    error(function() return 5 end)
  end,
}
