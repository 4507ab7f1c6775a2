-- fails: budget of instructions
-- Each time all facts are compared with the word, to say which was meant.
return {
  decide = function(volunteer)
    local function ask()
      return volunteer.minuets
    end
    for _ = 1, 1000 do
      pcall(ask)
    end
    return 1
  end,
}
