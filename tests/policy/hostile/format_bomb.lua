-- fails: may become too large
return {
  decide = function(volunteer, parameters, context)
    local s = string.rep("x", 15000)
    return #string.format("%s%s%s%s", s, s, s, s)
  end,
}
