-- refused [8 fact_misused]: 'stars' is read without a question: .stars
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  decide = function(volunteer, parameters, context)
    if volunteer.sex == "?" then
      return volunteer:stars()
    end
    return 0
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
