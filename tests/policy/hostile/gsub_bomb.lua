-- fails: may become too large
return {
  decide = function(volunteer, parameters, context)
    return #string.gsub(string.rep("x", 15000), ".", string.rep("y", 15000))
  end,
}
