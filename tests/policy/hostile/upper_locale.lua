-- fails: expected here
return {
  decide = function(volunteer, parameters, context)
    return ("\xe4"):upper() == "\xc4" and 1 or error("expected here")
  end,
}
