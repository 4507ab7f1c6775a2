-- fails: must be a whole number
-- Searching all of the text again at each call would be half a minute of work that gives nothing.
return {
  decide = function()
    local step, n = string.gmatch(string.rep("a", 500), "a*b"), 0
    for _ = 1, 100000 do
      n = n + (step() and 1 or 0)
    end
    return n == 0 and "done" or 1
  end,
}
