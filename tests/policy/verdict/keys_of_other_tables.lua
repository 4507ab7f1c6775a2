-- ok
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  decide = function(volunteer, parameters, context)
    local x = { a = { a = 1 }, b = function()
      local a = { a = 2 }
      return a
    end }
    return x.a.a - x.b().a + 1
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
