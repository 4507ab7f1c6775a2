-- fails: budget of instructions
return {
  decide = function(volunteer, parameters, context)
    -- One step skips all bytes that continue a character.
    local step = utf8.codes("a")
    local text = "a" .. string.rep("\x80", 16000)
    for _ = 1, 500 do
      pcall(step, text, 1)
    end
    return 1
  end,
}
