-- fails: budget of memory
return {
  decide = function(volunteer, parameters, context)
    local function again()
      local ok, message = pcall(again)
      error(message)
    end
    while true do
      pcall(again)
    end
  end,
}
