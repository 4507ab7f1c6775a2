-- refused [8 unknown_argument]: minutes has no argument 'form': did you mean 'from'?
return {
  name = "rule",
  kind = "star_rating",
  title = "t",
  decide = function(volunteer)
    if volunteer.stars > 9 then
      return volunteer:minutes({ category = "elderly", form = "2018-01-01" })
    end
    return 0
  end,
  cases = { { name = "one", given = {}, expect = 0 } },
}
