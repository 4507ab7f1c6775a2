-- refused: the second run, in another order, answered differently
-- The length of a list with holes follows the hashes of other keys, which differ from state to state.
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  texts = { lengths = "%s" },
  decide = function()
    local lengths = {}
    for round = 1, 90 do
      local t = {}
      for i = 1, round do
        t["k" .. i * round] = i
      end
      for i = 1, round do
        t[i] = i
      end
      for i = 1, round do
        t["k" .. i * round] = nil
      end
      for i = 1, round, 2 do
        t[i] = nil
      end
      for i = 1, round do
        t["z" .. i] = 1
      end
      t[round + 1], t[round + 2] = 1, 2
      lengths[round] = #t
    end
    finding("lengths", table.concat(lengths, " "))
    return 0
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
