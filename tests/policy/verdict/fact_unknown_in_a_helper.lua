-- refused [4 unknown_fact]: volunteer has no fact 'hour'
-- A helper.
-- Called by its name with the subject.
local function total(person) return person.stars > 9 and person.hour or 0 end
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  decide = function(volunteer, parameters, context)
    return total(volunteer)
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
