-- fails: not a text
return {
  decide = function(volunteer, parameters, context)
    error({ code = "x", stars = 5 })
  end,
}
