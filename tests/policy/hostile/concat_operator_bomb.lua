-- fails: 16 KiB
return {
  decide = function(volunteer, parameters, context)
    local s = "x"
    while true do
      s = s .. s
    end
  end,
}
