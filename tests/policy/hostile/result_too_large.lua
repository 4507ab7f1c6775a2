-- fails: must be
return {
  decide = function(volunteer, parameters, context)
    return { stars = 1, titles = { string.rep("x", 129) } }
  end,
}
