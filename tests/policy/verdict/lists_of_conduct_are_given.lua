-- ok
return {
  name = "rule",
  kind = "standing",
  title = "t",
  texts = { all = "%d", unexcused = "%d", window = "%d", settled = "%d", open = "%d", valid = "%d" },
  decide = function(volunteer)
    finding("all", #volunteer:absences({}))
    finding("unexcused", #volunteer:absences({ excused = false }))
    finding("window", #volunteer:absences({ from = "2018-02-01", to = "2018-02-28" }))
    finding("settled", #volunteer:complaints({ outcome = "dismissed" }))
    finding("open", #volunteer:complaints({}))
    finding("valid", #volunteer:trainings({ course = "c1", valid_on = "2018-03-01" }))
    local good = #volunteer:absences({ excused = false }) == 2
      and #volunteer:absences({ from = "2018-02-01", to = "2018-02-28" }) == 1
      and #volunteer:complaints({ outcome = "dismissed" }) == 1
      and #volunteer:complaints({}) == 2
      and #volunteer:trainings({ course = "c1", valid_on = "2018-03-01" }) == 1
    return good and "good" or "deregistered"
  end,
  cases = {
    {
      name = "one",
      given = {
        absences = {
          { on = "2018-01-31" },
          { on = "2018-02-01", excused = true },
          { on = "2018-03-01" },
        },
        complaints = {
          { on = "2018-01-31", outcome = "dismissed" },
          { on = "2018-01-31", outcome = "open" },
          { on = "2018-01-31", outcome = "upheld" },
        },
        trainings = {
          { course = "c1", on = "2018-03-02" },
          { course = "c1", on = "2018-01-01", valid_until = "2018-02-28" },
          { course = "c1", on = "2018-01-01", valid_until = "2018-03-01" },
          { course = "c2", on = "2018-01-01" },
        },
      },
      expect = { standing = "good" },
    },
  },
}
