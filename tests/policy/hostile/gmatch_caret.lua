-- fails: budget of instructions
-- There ^ anchors nothing: all of the text is searched.
return {
  decide = function()
    local text = string.rep("a", 16000)
    for _ = 1, 1000 do
      string.gmatch(text, "^b")()
    end
    return 1
  end,
}
