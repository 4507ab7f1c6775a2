-- fails: budget of
-- For its message Lua would look through all libraries for the function's name.
return {
  decide = function()
    while true do
      pcall(string.rep)
    end
  end,
}
