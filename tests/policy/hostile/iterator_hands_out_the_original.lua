-- fails: cannot be changed
return {
  parameters = { ["2000-01-01"] = { hours = { 100, 300 } } },
  decide = function(_, parameters)
    local _, hours = ipairs(parameters.hours)
    hours[1] = 1
    return 5
  end,
}
