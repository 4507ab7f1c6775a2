-- refused [6 unknown_field]: describe: hours has no field 'rnage'; did you mean range
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  describe = {
    hours = { title = "h", rnage = { 1, 2 } },
  },
  parameters = {
    ["2018-01-01"] = { hours = 3 },
  },
  decide = function(volunteer, parameters, context)
    return parameters.hours - 3
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
