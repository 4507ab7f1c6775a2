-- 通报的表格:各区划一行、末行合计;每列写明数的是什么,由程序逐级下钻。

-- 列:name 同时是行里的键;counts 是所数的项(几项时为各项之和),months 是所数的整月,没有时为现状
local function column(name, title, kind, counts, months)
  return {
    name = name, title = title, kind = kind, counts = counts,
    from = months and months.from, to = months and months.to,
  }
end

-- about 是表的 title、note、columns;values 给出一个区划各列的值。返回表格,以及各行和合计。
local function by_region(region, rows, about, values)
  local columns, cells = { { name = "county", title = "区划", kind = "text" } }, {}
  for _, item in ipairs(about.columns) do
    columns[#columns + 1] = item
  end
  local function row_of(item)
    local row = values(item)
    row.region, row.county = item.id, item.name
    return row
  end
  for i, item in ipairs(rows) do
    cells[i] = row_of(item)
  end
  local total = row_of(region)
  return { title = about.title, note = about.note, columns = columns, rows = cells, total = total }, cells, total
end

-- 比例,分母为零时为无数据
local function rate(part, whole)
  return whole > 0 and { part, whole } or nil
end

return { column = column, by_region = by_region, rate = rate }
