-- 在职党员先锋行等活动推进情况通报:通知回执、任务、承诺,结对包抓、划段包干、认岗定责,岗位值守和党员报到。
-- 通知、任务、承诺按承办单位所在区划;岗位、结对和报到按所在社区。各列都写明数的是什么(counts),可逐级下钻。

-- ---- 交办 ----

local function asked_section(region, rows)
  local column, rate = library.tables.column, library.tables.rate
  return library.tables.by_region(region, rows, {
    title = "通知与任务",
    note = "回执率为已回执的占应回执的;逾期未报的任务应当催办",
    columns = {
      column("to", "应回执", "number", "notices_to"),
      column("received", "回执率", "percent", "notices_received"),
      column("late", "逾期回执", "number", "notices_late"),
      column("tasks", "任务", "number", { "tasks_open", "tasks_accepted" }),
      column("accepted", "完成率", "percent", "tasks_accepted"),
      column("reported", "待验收", "number", "tasks_reported"),
      column("overdue", "逾期未报", "number", "tasks_overdue"),
    },
  }, function(item)
    local to, open, accepted = item:count("notices_to"), item:count("tasks_open"), item:count("tasks_accepted")
    return {
      to = to,
      received = rate(item:count("notices_received"), to),
      late = item:count("notices_late"),
      tasks = open + accepted,
      accepted = rate(accepted, open + accepted),
      reported = item:count("tasks_reported"),
      overdue = item:count("tasks_overdue"),
    }
  end)
end

local function promised_section(region, rows)
  local column, rate = library.tables.column, library.tables.rate
  return library.tables.by_region(region, rows, {
    title = "承诺",
    note = "兑现率为已兑现的占作出的",
    columns = {
      column("made", "作出", "number", "commitments_made"),
      column("kept", "兑现率", "percent", "commitments_kept"),
      column("late", "逾期兑现", "number", "commitments_late"),
      column("overdue", "逾期未兑现", "number", "commitments_overdue"),
    },
  }, function(item)
    local made = item:count("commitments_made")
    return {
      made = made,
      kept = rate(item:count("commitments_kept"), made),
      late = item:count("commitments_late"),
      overdue = item:count("commitments_overdue"),
    }
  end)
end

-- ---- 岗位 ----

local function posts_section(region, rows)
  local column, rate = library.tables.column, library.tables.rate
  return library.tables.by_region(region, rows, {
    title = "结对、岗位与报到",
    note = "认领率为有人认领的岗位占岗位数",
    columns = {
      column("pairings", "结对", "number", "pairings"),
      column("posts", "岗位", "number", "posts"),
      column("claimed", "认领率", "percent", "posts_claimed"),
      column("claims", "认岗人次", "number", "post_claims"),
      column("overdue", "无人值守", "number", "posts_overdue"),
      column("members", "报到党员", "number", "members_reported_in"),
    },
  }, function(item)
    local posts = item:count("posts")
    return {
      pairings = item:count("pairings"),
      posts = posts,
      claimed = rate(item:count("posts_claimed"), posts),
      claims = item:count("post_claims"),
      overdue = item:count("posts_overdue"),
      members = item:count("members_reported_in"),
    }
  end)
end

local function duty_section(region, rows, months)
  local column = library.tables.column
  return library.tables.by_region(region, rows, {
    title = "岗位值守",
    note = months.from .. " 至 " .. months.to,
    columns = {
      column("days", "应值守天数", "number", "duty_days", months),
      column("missed", "缺岗天数", "number", "duties_missed", months),
      column("done", "值守次数", "number", "duties_done", months),
      column("findings", "发现问题", "number", "duty_findings", months),
    },
  }, function(item)
    return {
      days = item:count("duty_days", months),
      missed = item:count("duties_missed", months),
      done = item:count("duties_done", months),
      findings = item:count("duty_findings", months),
    }
  end)
end

-- ---- 图与文字 ----

local function bar(title, rows, value)
  local points = {}
  for i, row in ipairs(rows) do
    points[i] = { label = row.county, value = row[value] }
  end
  return { title = title, kind = "bar", unit = "%", points = points }
end

local function share(of)
  return of and library.indicators.percent_text(of[1], of[2]) or "无数据"
end

-- 逾期的行:“秦州区 2 项”
local function overdue_text(rows, what, unit)
  local names = {}
  for _, row in ipairs(rows) do
    if row.overdue > 0 then
      names[#names + 1] = row.county .. " " .. row.overdue .. " " .. unit
    end
  end
  return #names > 0 and what .. "的有" .. table.concat(names, "、") .. "。" or nil
end

return {
  name = "bulletin_campaign",
  kind = "bulletin",
  title = "在职党员先锋行推进情况通报",
  uses = { "indicators", "tables" },
  parameters = { ["2018-01-01"] = {} },
  decide = function(region, _, context)
    local indicators = library.indicators
    local months = indicators.period_months(context) or indicators.month_of_date(context.as_of)
    local rows = indicators.rows_of(region)
    local asked, promised = asked_section(region, rows), promised_section(region, rows)
    local posts, duty = posts_section(region, rows), duty_section(region, rows, months)
    local text = {
      string.format(
        "截至%s，%s应回执通知 %d 份，回执率 %s；任务 %d 项，完成率 %s；承诺 %d 项，兑现率 %s。",
        indicators.chinese_date(context.as_of), region.name, asked.total.to, share(asked.total.received),
        asked.total.tasks, share(asked.total.accepted), promised.total.made, share(promised.total.kept)
      ),
      string.format(
        "结对 %d 对，岗位 %d 个，认领率 %s；报到党员 %d 人。期间应值守 %d 天，缺岗 %d 天。",
        posts.total.pairings, posts.total.posts, share(posts.total.claimed), posts.total.members, duty.total.days,
        duty.total.missed
      ),
    }
    text[#text + 1] = overdue_text(asked.rows, "任务逾期未报", "项")
    text[#text + 1] = overdue_text(promised.rows, "承诺逾期未兑现", "项")
    text[#text + 1] = overdue_text(posts.rows, "岗位无人值守", "个")
    return {
      title = region.name .. "在职党员先锋行推进情况通报",
      sections = { asked, promised, posts, duty },
      series = { bar("通知与任务", asked.rows, "received"), bar("承诺", promised.rows, "kept") },
      text = text,
    }
  end,
  cases = {
    {
      name = "一区有逾期,一县还没有开始",
      context = { as_of = "2018-09-30", period = "2018-09" },
      given = {
        name = "天水市",
        level = "city",
        count = {
          notices_to = 4, notices_received = 3, notices_late = 1, tasks_open = 2, tasks_accepted = 2, tasks_overdue = 1,
          commitments_made = 2, commitments_kept = 1, commitments_overdue = 1,
          pairings = 3, posts = 4, posts_claimed = 3, post_claims = 5, posts_overdue = 1,
          members_reported_in = 20, duty_days = 10, duties_missed = 2, duties_done = 9, duty_findings = 1,
        },
        children = {
          {
            name = "秦州区",
            count = {
              notices_to = 4, notices_received = 3, tasks_open = 2, tasks_accepted = 2, tasks_overdue = 1,
              commitments_made = 2, commitments_overdue = 1, posts = 4, posts_claimed = 3, posts_overdue = 1,
            },
          },
          { name = "清水县" },
        },
      },
      expect = {
        title = "天水市在职党员先锋行推进情况通报",
        sections = {
          ["通知与任务"] = {
            rows = 2,
            ["秦州区"] = { to = 4, received = { 3, 4 }, tasks = 4, accepted = { 2, 4 }, overdue = 1 },
            ["清水县"] = { received = false, tasks = 0 },
            total = { late = 1 },
          },
          ["承诺"] = { total = { kept = { 1, 2 }, overdue = 1 } },
          ["结对、岗位与报到"] = { ["秦州区"] = { claimed = { 3, 4 } }, total = { members = 20, claims = 5 } },
          ["岗位值守"] = { note = "2018-09-01 至 2018-09-30", total = { days = 10, missed = 2, done = 9, findings = 1 } },
        },
        series = { ["通知与任务"] = { ["秦州区"] = { 3, 4 }, ["清水县"] = false } },
        text = {
          "截至2018年9月30日，天水市应回执通知 4 份，回执率 75.00%；任务 4 项，完成率 50.00%；承诺 2 项，兑现率 50.00%。",
          "结对 3 对，岗位 4 个，认领率 75.00%；报到党员 20 人。期间应值守 10 天，缺岗 2 天。",
          "任务逾期未报的有秦州区 1 项。",
          "承诺逾期未兑现的有秦州区 1 项。",
          "岗位无人值守的有秦州区 1 个。",
        },
      },
    },
    {
      name = "什么都还没有;期间写得不成样子时看当月",
      context = { as_of = "2018-09-30", period = "九月" },
      given = { name = "清水县", level = "county" },
      expect = {
        sections = { ["岗位值守"] = { note = "2018-09-01 至 2018-09-30", rows = 1 } },
        text = { "应回执通知 0 份，回执率 无数据；任务 0 项，完成率 无数据" },
      },
    },
  },
}
