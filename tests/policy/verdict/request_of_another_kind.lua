-- refused: has no fact 'quantity'
return {
  name = "rule",
  kind = "eligibility",
  title = "t",
  decide = function(request)
    return request.quantity > 1 and "refused" or "accepted"
  end,
  cases = {
    { name = "one", given = { places_left = 1 }, expect = "accepted" },
  },
}
