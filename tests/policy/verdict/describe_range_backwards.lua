-- refused [6 shape]: describe: hours.range: { least, most }
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  describe = {
    hours = { title = "h", range = { 2, 1 } },
  },
  parameters = {
    ["2018-01-01"] = { hours = 3 },
  },
  decide = function(volunteer, parameters, context)
    return parameters.hours - 3
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
