-- fails: 'collectgarbage' is not known
return {
  decide = function(volunteer, parameters, context)
    return collectgarbage("count")
  end,
}
