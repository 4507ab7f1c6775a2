-- fails: attempt to perform arithmetic on a string value
return {
  decide = function(volunteer, parameters, context)
    local n, a = 0, string.rep(" ", 15000) .. "1"
    while true do
      n = n + a
    end
  end,
}
