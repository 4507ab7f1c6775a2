-- ok
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  parameters = {
    ["2018-01-01"] = { hours = 3, days = 0 },
  },
  decide = function(volunteer, parameters, context)
    local n = 0
    for _, value in pairs(parameters) do
      n = n + value
    end
    return n - 3
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
