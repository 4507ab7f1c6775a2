-- fails: 'warn' is not known
return {
  decide = function(volunteer, parameters, context)
    warn("@on")
  end,
}
