-- fails: 16 KiB
return {
  decide = function(volunteer, parameters, context)
    local s = string.rep("x", 15000)
    return #(s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s)
  end,
}
