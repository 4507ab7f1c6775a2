-- fails: budget of instructions
while true do
  pcall(function()
    while true do
    end
  end)
end
return {
  decide = function(volunteer, parameters, context)
    return 1
  end,
}
