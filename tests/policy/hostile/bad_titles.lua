-- fails: list of at most 16 texts
return {
  decide = function(volunteer, parameters, context)
    return { stars = 1, titles = { 1, 2 } }
  end,
}
