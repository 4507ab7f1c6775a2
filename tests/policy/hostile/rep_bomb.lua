-- fails: string.rep would make
return {
  decide = function(volunteer, parameters, context)
    return #string.rep("x", 1 << 40)
  end,
}
