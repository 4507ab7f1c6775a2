-- warned [7 not_monotone]: by the parameters of 2018-01-01 6000 minutes give 3 stars, one minute more only 1
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  parameters = {
    ["2018-01-01"] = { limit = 100 },
  },
  decide = function(volunteer, parameters, context)
    local minutes = volunteer:minutes({})
    if minutes > parameters.limit * 60 then
      return 1
    end
    return minutes >= 60 and 3 or minutes >= 30 and 2 or minutes >= 20 and 1 or 0
  end,
  cases = { { name = "one", given = {}, expect = 0 }, { name = "two", given = { minutes = 9000 }, expect = 1 } },
}
