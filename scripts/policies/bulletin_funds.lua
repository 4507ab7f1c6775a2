-- 志愿服务专项资金通报:每笔拨款、承诺、支出、结余(分),按资金、年度和区划;激励回馈由资金支付的部分已在其中。
local columns = {
  { name = "allocated", title = "拨款（元）", kind = "hundredths" },
  { name = "committed", title = "已承诺（元）", kind = "hundredths" },
  { name = "spent", title = "已支出（元）", kind = "hundredths" },
  { name = "left", title = "结余（元）", kind = "hundredths" },
  { name = "share", title = "支出率", kind = "percent" },
}

local function columns_after(name, title)
  local list = { { name = name, title = title, kind = "text" } }
  for _, column in ipairs(columns) do
    list[#list + 1] = column
  end
  return list
end

local function sum_of(name, label, pots)
  local sum = { [name] = label, allocated = 0, committed = 0, spent = 0, left = 0 }
  for _, pot in ipairs(pots) do
    for _, what in ipairs({ "allocated", "committed", "spent", "left" }) do
      sum[what] = sum[what] + pot[what]
    end
  end
  sum.share = sum.allocated > 0 and { sum.spent, sum.allocated } or nil
  return sum
end

-- 按某项归并,先来的在前
local function grouped(name, pots, label_of)
  local labels, groups, rows = {}, {}, {}
  for _, pot in ipairs(pots) do
    local label = label_of(pot)
    if not groups[label] then
      groups[label] = {}
      labels[#labels + 1] = label
    end
    local group = groups[label]
    group[#group + 1] = pot
  end
  for i, label in ipairs(labels) do
    rows[i] = sum_of(name, label, groups[label])
  end
  return rows
end

local function section(title, name, heading, rows, total, note)
  return { title = title, note = note, columns = columns_after(name, heading), rows = rows, total = total }
end

local function regions_section(region, pots)
  local rows, placed = {}, {}
  for _, child in ipairs(region.children) do
    local own = child.funds
    local row = sum_of("county", child.name, own)
    row.region = child.id
    rows[#rows + 1] = row
    for _, pot in ipairs(own) do
      placed[#placed + 1] = pot
    end
  end
  local total, below = sum_of("county", region.name, pots), sum_of("county", "", placed)
  local rest = { county = "本级统筹" }
  for _, what in ipairs({ "allocated", "committed", "spent", "left" }) do
    rest[what] = total[what] - below[what]
  end
  rest.share = rest.allocated > 0 and { rest.spent, rest.allocated } or nil
  rows[#rows + 1] = rest
  return section("按区划", "county", "区划", rows, total, "本级统筹：没有指定给下级的拨款")
end

-- 分写成元:"1234.50"
local function yuan(fen)
  return string.format("%d.%02d", fen // 100, fen % 100)
end

local function summary_text(region, total, context)
  if total.allocated == 0 then
    return "截至" .. library.indicators.chinese_date(context.as_of) .. "，" .. region.name .. "尚无专项资金拨款。"
  end
  return string.format(
    "截至%s，%s志愿服务专项资金拨款 %s 元，已承诺 %s 元，已支出 %s 元（%s），结余 %s 元。",
    library.indicators.chinese_date(context.as_of), region.name, yuan(total.allocated), yuan(total.committed),
    yuan(total.spent), library.indicators.percent_text(total.spent, total.allocated), yuan(total.left)
  )
end

-- 上年及更早的拨款还有结余的
local function old_text(pots, year)
  local left = 0
  for _, pot in ipairs(pots) do
    left = left + (pot.year < year and pot.left or 0)
  end
  return left > 0 and "以前年度拨款结余 " .. yuan(left) .. " 元。" or nil
end

return {
  name = "bulletin_funds",
  kind = "bulletin",
  title = "志愿服务专项资金通报",
  uses = { "indicators" },
  parameters = { ["2018-01-01"] = {} },
  decide = function(region, _, context)
    local pots, points = region.funds, {}
    local total = sum_of("fund", "合计", pots)
    local by_fund = grouped("fund", pots, function(pot)
      return pot.title
    end)
    local by_year = grouped("year", pots, function(pot)
      return tostring(pot.year)
    end)
    local by_origin = grouped("origin", pots, function(pot)
      return pot.origin
    end)
    for i, row in ipairs(by_fund) do
      points[i] = { label = row.fund, value = row.spent // 100 }
    end
    local text = { summary_text(region, total, context) }
    text[#text + 1] = old_text(pots, context.year)
    return {
      title = region.name .. "志愿服务专项资金通报",
      sections = {
        section("按资金", "fund", "资金", by_fund, total),
        section("按年度", "year", "预算年度", by_year, sum_of("year", "合计", pots)),
        section("按来源", "origin", "资金来源", by_origin, sum_of("origin", "合计", pots)),
        regions_section(region, pots),
      },
      series = { { title = "已支出", kind = "bar", unit = "元", points = points } },
      text = text,
    }
  end,
  cases = {
    {
      name = "市级一笔、拨给一区一笔,上年有结余",
      context = { as_of = "2018-08-31" },
      given = {
        name = "天水市",
        level = "city",
        funds = {
          { title = "专项", origin = "财政", year = 2017, allocated = 100000, committed = 0, spent = 90000, left = 10000 },
          { title = "专项", origin = "财政", year = 2018, allocated = 200050, committed = 50, spent = 0, left = 200000 },
          { title = "彩票公益金", origin = "民政", year = 2018, allocated = 30000, committed = 0, spent = 30000, left = 0 },
        },
        children = {
          {
            name = "秦州区",
            funds = { { title = "彩票公益金", year = 2018, allocated = 30000, committed = 0, spent = 30000, left = 0 } },
          },
          { name = "清水县" },
        },
      },
      expect = {
        title = "天水市志愿服务专项资金通报",
        sections = {
          ["按资金"] = {
            rows = 2,
            ["专项"] = { allocated = 300050, left = 210000, share = { 90000, 300050 } },
            ["彩票公益金"] = { spent = 30000, left = 0 },
            total = { allocated = 330050, committed = 50, spent = 120000, left = 210000 },
          },
          ["按年度"] = { ["2017"] = { left = 10000 }, ["2018"] = { allocated = 230050 } },
          ["按来源"] = { ["民政"] = { share = { 30000, 30000 } } },
          ["按区划"] = {
            ["秦州区"] = { allocated = 30000 },
            ["清水县"] = { allocated = 0, share = false },
            ["本级统筹"] = { allocated = 300050, left = 210000 },
            total = { allocated = 330050 },
          },
        },
        series = { ["已支出"] = { ["专项"] = 900 } },
        text = {
          "截至2018年8月31日，天水市志愿服务专项资金拨款 3300.50 元，已承诺 0.50 元，"
            .. "已支出 1200.00 元（36.35%），结余 2100.00 元。",
          "以前年度拨款结余 100.00 元。",
        },
      },
    },
    {
      name = "还没有拨款",
      context = { as_of = "2018-08-31" },
      given = { name = "清水县", level = "county" },
      expect = {
        sections = { ["按资金"] = { rows = 0, total = { allocated = 0, share = false } }, ["按区划"] = { rows = 1 } },
        text = { "截至2018年8月31日，清水县尚无专项资金拨款。" },
      },
    },
  },
}
