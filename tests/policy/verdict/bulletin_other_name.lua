-- refused: did you mean bulletin_station
return {
  name = "bulletin_stations",
  kind = "bulletin",
  title = "t",
  decide = function(subject, parameters, context)
    return { sections = {} }
  end,
  cases = {
    { name = "one", given = {}, expect = { sections = {} } },
  },
}
