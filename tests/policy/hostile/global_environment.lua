-- fails: '_G' is not known
return {
  decide = function(volunteer, parameters, context)
    return _G.string
  end,
}
