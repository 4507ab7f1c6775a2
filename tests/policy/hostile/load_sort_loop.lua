-- fails: budget of instructions
table.sort({ 3, 2, 1 }, function()
  while true do
  end
end)
return {
  decide = function(volunteer, parameters, context)
    return 1
  end,
}
