-- fails: is not a date
return {
  parameters = { hours = { 100 } },
  decide = function() return 1 end,
}
