-- fails: unfinished capture
return {
  decide = function(volunteer, parameters, context)
    return string.find("a", string.rep("(a?)", 10) .. "(")
  end,
}
