-- refused: must be "accepted", "waitlisted" or "refused"
return {
  name = "rule",
  kind = "eligibility",
  title = "t",
  decide = function(request)
    return "held"
  end,
  cases = {
    { name = "one", given = {}, expect = "accepted" },
  },
}
