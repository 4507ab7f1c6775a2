-- ok
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  parameters = {
    ["2018-01-01"] = { steps = { 100, 200, 300, 400 } },
  },
  decide = function(volunteer, parameters, context)
    local stars, minutes = 0, volunteer:minutes({})
    for level, hours in ipairs(parameters.steps) do
      if minutes >= hours * 60 then
        stars = level
      end
    end
    return stars
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
