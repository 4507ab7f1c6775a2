-- fails: not available in this version
return {
  decide = function(volunteer, parameters, context)
    return { stars = 1, notice_days = 5 }
  end,
}
