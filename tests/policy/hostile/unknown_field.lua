-- fails: did you mean stars
return {
  decide = function(volunteer, parameters, context)
    return { star = 1 }
  end,
}
