-- fails: budget of instructions
return {
  decide = function(volunteer, parameters, context)
    local ok = pcall(function()
      while true do end
    end)
    return ok and 1 or 2
  end,
}
