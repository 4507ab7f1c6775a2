-- fails: is not a date
return {
  parameters = { ["2018-13-01"] = {} },
  decide = function() return 1 end,
}
