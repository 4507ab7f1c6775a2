-- ok
return {
  name = "rule",
  kind = "assessment",
  title = "t",
  decide = function(subject, parameters, context)
    return { indicators = { { id = "staff", state = context.subject, value = subject:figure("staff") } } }
  end,
  cases = {
    { name = "one", given = { figure = { staff = 50 } }, context = { subject = "organisation" }, expect = { indicators = { staff = { state = "organisation", value = 50 } } } },
  },
}
