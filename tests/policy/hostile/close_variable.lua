-- fails: got a non-closable value
return {
  decide = function(volunteer, parameters, context)
    local x <close> = {}
    return 1
  end,
}
