-- fails: a date such as
return {
  decide = function(volunteer, parameters, context)
    return volunteer:stars_on("2018-02-30")
  end,
}
