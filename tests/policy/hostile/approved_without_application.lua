-- fails: approved_by and notice_days go with on_application = true
return {
  decide = function(volunteer, parameters, context)
    return { stars = 1, notice_days = 5 }
  end,
}
