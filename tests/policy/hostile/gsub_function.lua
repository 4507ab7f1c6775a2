-- fails: a text is expected
return {
  decide = function(volunteer, parameters, context)
    return #string.gsub("abc", ".", function() return string.rep("x", 15000) end)
  end,
}
