-- refused [11 parameter_out_of_range]: hours: [2] 9000 is outside the range of its description, 1 to 5000
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  describe = {
    hours = { title = "h", unit = "小时", range = { 1, 5000 }, items = { "一星", "二星" } },
  },
  parameters = {
    ["2018-01-01"] = { hours = { 1, 2 } },
    ["2019-01-01"] = { hours = { 1, 9000 } },
  },
  decide = function(volunteer, parameters, context)
    return parameters.hours and 0
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
