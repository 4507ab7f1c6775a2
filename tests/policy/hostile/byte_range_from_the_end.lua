-- fails: at most 250 values
return {
  decide = function(volunteer, parameters, context)
    local text = string.rep("x", 16000)
    return #{ text:byte(-9223372036854775807 - 1, 9223372036854775807) }
  end,
}
