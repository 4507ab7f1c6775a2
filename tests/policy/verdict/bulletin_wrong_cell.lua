-- refused: sections: [1].rows[1].rate: { part, whole } is expected
return {
  name = "bulletin_station",
  kind = "bulletin",
  title = "t",
  decide = function(subject, parameters, context)
    local rows = {}
    for i, child in ipairs(subject.children) do
      rows[i] = { county = child.name, rate = child:count("volunteers") }
    end
    return {
      title = subject.name,
      sections = {
        {
          title = "a",
          columns = {
            { name = "county", title = "区划", kind = "text" },
            { name = "rate", title = "率", kind = "percent" },
          },
          rows = rows,
        },
      },
      series = { { title = "b", kind = "bar", points = { { label = "x", value = 3 } } } },
      text = { "一共 " .. #rows .. " 个。" },
    }
  end,
  cases = {
    { name = "one", given = { name = "市", children = { { name = "甲", count = { volunteers = 13 } }, { name = "乙" } } }, expect = { title = "市" } },
  },
}
