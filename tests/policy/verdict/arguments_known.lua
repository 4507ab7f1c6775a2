-- ok
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  decide = function(volunteer, _, context)
    local window = { from = "2018-01-01", to = context.as_of }
    local options = { odd = 1 }
    return volunteer:minutes({ from = window.from, to = ({ day = window.to }).day, category = ("elderly") })
      + volunteer:minutes(window)
      + volunteer.region:count("minutes", { from = "2018-01-01", to = "2018-01-31" })
      + #volunteer:records({ limit = options.odd })
      + volunteer:stars_on(({ day = "2018-01-01" }).day)
  end,
  cases = { { name = "one", given = {}, context = { as_of = "2018-12-31" }, expect = 0 } },
}
