-- fails: at most 250 values
return {
  decide = function(volunteer, parameters, context)
    return #{ utf8.codepoint(string.rep("x", 16000), 1, -1) }
  end,
}
