-- ok
local function first(thing) return thing.anything end
local apply = function(f, x) return f(x) end
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  decide = function(volunteer, parameters, context)
    local other = volunteer
    other = { anything = 1 }
    local list = { volunteer, { odd = 1 } }
    local volunteer = { stras = other.anything }
    return apply(first, { anything = 0 }) * list[2].odd * volunteer.stras
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
