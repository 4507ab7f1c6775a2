-- refused [9 unknown_fact]: region or organisation has no fact 'nmae': did you mean 'name'?
return {
  name = "rule",
  kind = "assessment",
  title = "t",
  decide = function(subject)
    for _, child in ipairs(subject.children) do
      if child.level == "x" then
        return child.nmae
      end
    end
    return { indicators = {} }
  end,
  cases = { { name = "one", given = {}, expect = { indicators = {} } } },
}
