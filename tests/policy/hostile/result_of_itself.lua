-- fails: must be
return {
  decide = function(volunteer, parameters, context)
    local t = {}
    t.stars = t
    return t
  end,
}
