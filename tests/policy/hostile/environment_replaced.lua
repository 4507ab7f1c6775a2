-- fails: attempt to
return {
  decide = function(volunteer, parameters, context)
    local _ENV = { n = 1 }
    return n + tostring
  end,
}
