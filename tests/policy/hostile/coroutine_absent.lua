-- fails: 'coroutine' is not known
return {
  decide = function(volunteer, parameters, context)
    return coroutine.wrap(function() return 1 end)()
  end,
}
