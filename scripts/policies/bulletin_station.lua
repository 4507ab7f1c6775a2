-- 社区志愿服务站建设通报:建成与投入使用对照计划,四项条件(人员、经费、场地、队伍)的佐证情况。
local parts = { "staff", "funds", "venue", "team" }
local part_titles = { staff = "人员", funds = "经费", venue = "场地", team = "队伍" }

local function parts_section(region, rows)
  local function row_of(item)
    local row = { region = item.id, county = item.name, planned = item:count("stations_planned") }
    for _, part in ipairs(parts) do
      row[part] = item:count("stations_" .. part)
    end
    return row
  end
  local columns, cells = {
    { name = "county", title = "区划", kind = "text" },
    { name = "planned", title = "计划", kind = "number", counts = "stations_planned" },
  }, {}
  for _, part in ipairs(parts) do
    columns[#columns + 1] = { name = part, title = part_titles[part], kind = "number", counts = "stations_" .. part }
  end
  for i, row in ipairs(rows) do
    cells[i] = row_of(row)
  end
  local total = row_of(region)
  return {
    title = "四项条件",
    note = "已有佐证材料的服务站数；四项齐备方可建成",
    columns = columns,
    rows = cells,
    total = total,
  }, total
end

local function bar(title, rows, value, target)
  local points = {}
  for i, row in ipairs(rows) do
    points[i] = { label = row.county, value = row[value] }
  end
  return { title = title, kind = "bar", unit = "个", target = target, points = points }
end

-- 按目标落后的行:“秦州区还差 3 个”
local function behind_text(rows, what, title)
  local names = {}
  for _, row in ipairs(rows) do
    if (row["lack_" .. what] or 0) > 0 then
      names[#names + 1] = row.county .. "还差 " .. row["lack_" .. what] .. " 个"
    end
  end
  return #names > 0 and title .. "方面，" .. table.concat(names, "、") .. "。" or nil
end

-- 条件最欠缺的一项
local function parts_text(total)
  local worst
  for _, part in ipairs(parts) do
    if not worst or total[part] < total[worst] then
      worst = part
    end
  end
  if total.planned == 0 then
    return "尚未下达服务站建设计划。"
  elseif total[worst] >= total.planned then
    return "计划内服务站四项条件均已具备。"
  end
  return string.format(
    "四项条件中%s最欠缺：%d 个服务站中 %d 个已有佐证，还差 %d 个。",
    part_titles[worst], total.planned, total[worst], total.planned - total[worst]
  )
end

return {
  name = "bulletin_station",
  kind = "bulletin",
  title = "社区志愿服务站建设通报",
  uses = { "indicators", "stations" },
  parameters = { ["2018-01-01"] = {} },
  decide = function(region, _, context)
    local stations = library.stations
    local regions = library.indicators.rows_of(region)
    local rows, total, progress = stations.table_of(region, regions)
    local conditions, conditions_total = parts_section(region, regions)
    local text = {
      "截至" .. library.indicators.chinese_date(context.as_of) .. "，" .. region.name .. "计划建设社区志愿服务站 "
        .. total.planned .. " 个。" .. stations.progress_text(progress, context.as_of),
      parts_text(conditions_total),
    }
    text[#text + 1] = behind_text(rows, "built", "建成")
    text[#text + 1] = behind_text(rows, "opened", "投入使用")
    return {
      title = region.name .. "社区志愿服务站建设通报",
      sections = {
        {
          title = "建成与投入使用",
          note = stations.targets_text(progress),
          columns = stations.columns,
          rows = rows,
          total = total,
        },
        conditions,
      },
      series = {
        bar("建成服务站", rows, "built"),
        bar("投入使用服务站", rows, "opened"),
      },
      text = text,
    }
  end,
  cases = {
    {
      name = "全市 122 个、两区 82 个：两区已投入使用，全市未建成",
      context = { as_of = "2018-11-30" },
      given = {
        name = "天水市",
        level = "city",
        count = {
          stations_planned = 122,
          stations_built = 100,
          stations_opened = 85,
          stations_staff = 122,
          stations_funds = 101,
          stations_venue = 115,
          stations_team = 120,
        },
        plan = { stations_built = { target = 122, due = "2018-12-31" } },
        children = {
          {
            name = "秦州区",
            count = { stations_planned = 47, stations_built = 47, stations_opened = 47, stations_staff = 47 },
            plan = { stations_opened = { target = 47, due = "2018-10-31" } },
          },
          {
            name = "麦积区",
            count = { stations_planned = 35, stations_built = 35, stations_opened = 33 },
            plan = { stations_opened = { target = 35, due = "2018-10-31" } },
          },
          {
            name = "清水县",
            count = { stations_planned = 40, stations_built = 18, stations_opened = 5 },
            plan = { stations_built = { target = 40, due = "2018-12-31" } },
          },
        },
      },
      expect = {
        title = "天水市社区志愿服务站建设通报",
        sections = {
          ["建成与投入使用"] = {
            rows = 3,
            note = "建成目标 122 个，期限 2018年12月31日；秦州区、麦积区投入使用目标 82 个，期限 2018年10月31日",
            ["秦州区"] = { opened = 47, target_opened = 47, lack_opened = 0, due_opened = "2018-10-31" },
            ["麦积区"] = { opened = 33, lack_opened = 2 },
            ["清水县"] = { built = 18, target_built = 40, lack_built = 22, target_opened = false },
            total = {
              built = 100,
              target_built = 122,
              lack_built = 22,
              opened = 85,
              target_opened = 82,
              lack_opened = 2,
            },
          },
          ["四项条件"] = { ["秦州区"] = { staff = 47, funds = 0 }, total = { funds = 101, team = 120 } },
        },
        series = { ["投入使用服务站"] = { ["麦积区"] = 33 } },
        text = {
          "截至2018年11月30日，天水市计划建设社区志愿服务站 122 个。建成服务站 100 个，目标 122 个，还差 22 个；"
            .. "秦州区、麦积区投入使用 80 个，目标 82 个，还差 2 个，已超过期限。",
          "四项条件中经费最欠缺：122 个服务站中 101 个已有佐证，还差 21 个。",
          "建成方面，清水县还差 22 个。",
          "投入使用方面，麦积区还差 2 个。",
        },
      },
    },
    {
      name = "期限当日还不算超过期限",
      context = { as_of = "2018-12-31" },
      given = {
        name = "天水市",
        count = { stations_planned = 122, stations_built = 121 },
        plan = { stations_built = { target = 122, due = "2018-12-31" } },
      },
      expect = { text = { "建成服务站 121 个，目标 122 个，还差 1 个；投入使用 0 个。" } },
    },
    {
      name = "全部建成并投入使用",
      context = { as_of = "2019-01-01" },
      given = {
        name = "秦州区",
        level = "county",
        count = {
          stations_planned = 47,
          stations_built = 47,
          stations_opened = 47,
          stations_staff = 47,
          stations_funds = 47,
          stations_venue = 47,
          stations_team = 47,
        },
        plan = {
          stations_built = { target = 47, due = "2018-12-31" },
          stations_opened = { target = 47, due = "2018-10-31" },
        },
      },
      expect = {
        sections = { ["建成与投入使用"] = { rows = 1, total = { lack_built = 0, lack_opened = 0 } } },
        text = { "目标 47 个，已完成；投入使用 47 个，目标 47 个，已完成。", "计划内服务站四项条件均已具备。" },
      },
    },
    {
      name = "还没有计划",
      given = { name = "天水市", level = "city" },
      expect = {
        sections = { ["建成与投入使用"] = { note = false, total = { planned = 0, target_built = false } } },
        text = { "尚未下达服务站建设计划。" },
      },
    },
  },
}
