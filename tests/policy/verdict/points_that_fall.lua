-- warned [7 not_monotone]: by the parameters of 2018-01-01 60 minutes give 60 points, one minute more only 5
return {
  name = "rule",
  kind = "points",
  title = "t",
  parameters = {
    ["2018-01-01"] = { most = 60 },
  },
  decide = function(record, parameters)
    local n = record.counted_minutes > parameters.most and 5 or record.counted_minutes
    return { postings = n > 0 and { { account = "points", amount = n, reason = "r" } } or {} }
  end,
  cases = { { name = "one", given = {}, expect = { postings = {} } } },
}
