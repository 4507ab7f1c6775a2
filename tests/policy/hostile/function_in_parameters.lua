-- fails: a function stands where only values may
return {
  parameters = { ["2018-01-01"] = { rule = function() return 1 end } },
  decide = function(_, parameters)
    return parameters.rule()
  end,
}
