-- fails: budget of instructions
return {
  decide = function(volunteer, parameters, context)
    table.sort({ 3, 2, 1 }, function()
      while true do end
    end)
    return 1
  end,
}
