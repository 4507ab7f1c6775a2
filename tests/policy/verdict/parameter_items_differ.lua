-- refused [10 parameter_items]: hours: 3 values stand here, but its description has 2 titles
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  describe = {
    hours = { title = "h", items = { "一星", "二星" } },
  },
  parameters = {
    ["2018-01-01"] = { hours = { 1, 2, 3 } },
  },
  decide = function(volunteer, parameters, context)
    return parameters.hours and 0
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
