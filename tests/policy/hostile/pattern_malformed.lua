-- fails: malformed pattern
return {
  decide = function(volunteer, parameters, context)
    return string.find("x", "[a") or 1
  end,
}
