-- 社区志愿服务站的进度表,注册通报与服务站通报共用。
-- 目标来自计划(plan.set):建成 stations_built,投入使用 stations_opened;合计行没有自己的计划时用各行之和。
local columns = {
  { name = "county", title = "区划", kind = "text" },
  { name = "planned", title = "计划", kind = "number", counts = "stations_planned" },
  { name = "built", title = "建成", kind = "number", counts = "stations_built" },
  { name = "target_built", title = "建成目标", kind = "number" },
  { name = "due_built", title = "建成期限", kind = "date" },
  { name = "lack_built", title = "建成还差", kind = "number" },
  { name = "opened", title = "投入使用", kind = "number", counts = "stations_opened" },
  { name = "target_opened", title = "投用目标", kind = "number" },
  { name = "due_opened", title = "投用期限", kind = "date" },
  { name = "lack_opened", title = "投用还差", kind = "number" },
}

local function lack(target, value)
  return target and (target > value and target - value or 0)
end

local function row_of(region)
  local built, opened = region:plan("stations_built"), region:plan("stations_opened")
  return {
    region = region.id,
    county = region.name,
    planned = region:count("stations_planned"),
    built = region:count("stations_built"),
    opened = region:count("stations_opened"),
    target_built = built and built.target,
    due_built = built and built.due,
    target_opened = opened and opened.target,
    due_opened = opened and opened.due,
  }
end

-- 一项目标的完成情况:本级有计划的按本级;没有的,把有计划的各行加起来(目标与完成数口径一致)。
local function progress_of(total, rows, what)
  local target, due = "target_" .. what, "due_" .. what
  if total[target] then
    return { value = total[what], target = total[target], due = total[due] }
  end
  local sum, of = { value = 0 }, {}
  for _, row in ipairs(rows) do
    if row[target] then
      of[#of + 1] = row.county
      sum.value = sum.value + row[what]
      sum.target = (sum.target or 0) + row[target]
      sum.due = sum.due and sum.due > row[due] and sum.due or row[due]
    end
  end
  if not sum.target then
    return { value = total[what] }
  end
  sum.of = #of < #rows and table.concat(of, "、") or nil -- 只有一部分区划有目标
  return sum
end

-- 各行、合计行,以及两项目标的完成情况 { built =, opened = }
local function table_of(region, regions)
  local rows, total = {}, row_of(region)
  for i, child in ipairs(regions) do
    local row = row_of(child)
    row.lack_built = lack(row.target_built, row.built)
    row.lack_opened = lack(row.target_opened, row.opened)
    rows[i] = row
  end
  local progress = { built = progress_of(total, rows, "built"), opened = progress_of(total, rows, "opened") }
  for what, item in pairs(progress) do
    item.lack = lack(item.target, item.value)
    total["target_" .. what], total["due_" .. what], total["lack_" .. what] = item.target, item.due, item.lack
  end
  return rows, total, progress
end

-- 库文件之间互不可见,这一个与 indicators 各有一份。
local function chinese_date(date)
  return string.format("%d年%d月%d日", tonumber(date:sub(1, 4)), tonumber(date:sub(6, 7)), tonumber(date:sub(9, 10)))
end

-- “建成目标 122 个,期限 2018年12月31日;……”;没有目标时为 nil
local function targets_text(progress)
  local parts = {}
  for _, item in ipairs({ { "建成", progress.built }, { "投入使用", progress.opened } }) do
    if item[2].target then
      parts[#parts + 1] =
        string.format("%s%s目标 %d 个，期限 %s", item[2].of or "", item[1], item[2].target, chinese_date(item[2].due))
    end
  end
  return #parts > 0 and table.concat(parts, "；") or nil
end

local function part_text(title, item, as_of)
  if not item.target then
    return title .. " " .. item.value .. " 个"
  end
  local text = string.format("%s%s %d 个，目标 %d 个", item.of or "", title, item.value, item.target)
  if item.lack == 0 then
    return text .. "，已完成"
  end
  return string.format("%s，还差 %d 个%s", text, item.lack, as_of > item.due and "，已超过期限" or "")
end

local function progress_text(progress, as_of)
  return part_text("建成服务站", progress.built, as_of)
    .. "；"
    .. part_text("投入使用", progress.opened, as_of)
    .. "。"
end

return {
  columns = columns,
  table_of = table_of,
  targets_text = targets_text,
  progress_text = progress_text,
}
