-- fails: too many captures
return {
  decide = function(volunteer, parameters, context)
    return #string.match(string.rep("(", 100), string.rep("(", 40)) or 1
  end,
}
