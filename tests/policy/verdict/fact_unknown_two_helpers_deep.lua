-- refused [2 unknown_fact]: volunteer has no fact 'nmae'
local function inner(a, who) return a > 9 and who.nmae or 0 end
local function outer(who) return inner(who.stars, who) end
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  decide = function(volunteer, parameters, context)
    return outer(volunteer)
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
