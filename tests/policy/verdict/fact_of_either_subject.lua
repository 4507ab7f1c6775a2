-- ok
return {
  name = "rule",
  kind = "points",
  title = "t",
  decide = function(subject, parameters, context)
    if context.subject == "volunteer" then
      return { postings = subject.stars > 9 and { 1 } or {} }
    end
    return { postings = subject.minutes > 999 and { 1 } or {} }
  end,
  cases = { { name = "one", given = {}, expect = { postings = {} } },
    { name = "two", given = {}, context = { subject = "volunteer" }, expect = { postings = {} } } },
}
