-- fails: budget of instructions
return {
  decide = function(volunteer)
    local arguments = {}
    for i = 1, 1000 do
      arguments["k" .. i] = i
    end
    while true do
      pcall(volunteer.minutes, volunteer, arguments)
    end
  end,
}
