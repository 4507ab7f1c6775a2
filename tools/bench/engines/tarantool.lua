-- Tarantool: spaces and a stored procedure. One CALL takes the events of a message and is one
-- transaction; it gives a number for each event: its sequence, 0 where it is refused, the first
-- one's negative sequence where it is known already. Calls in flight share a write of the log.
-- ENGINE, set in front of this, has the folder, the socket, the log's mode and the memory.

local json = require("json")

box.cfg({
    work_dir = ENGINE.folder,
    log = "tarantool.log",
    log_level = 2,
    wal_mode = ENGINE.wal_mode,
    memtx_memory = ENGINE.memory,
    checkpoint_interval = 0,
    readahead = 4 * 1024 * 1024,
    wal_max_size = 16 * 1024 * 1024 * 1024,
})

local function space_make(name, format, keys)
    local space = box.schema.space.create(name, { if_not_exists = true, format = format })
    for i, parts in ipairs(keys) do
        space:create_index(i == 1 and "primary" or "by", { if_not_exists = true, type = parts.type,
            parts = parts.parts, unique = parts.unique })
    end
    return space
end

local function tree(parts, unique)
    return { type = "TREE", parts = parts, unique = unique ~= false }
end
local function hash(parts)
    return { type = "HASH", parts = parts, unique = true }
end

box.once("grant", function()
    box.schema.user.grant("guest", "read,write,execute", "universe")
end)
-- sequence, source and id, event, decision
local log = space_make("log", nil, { tree({ 1, "unsigned" }), hash({ 2, "string" }) })
-- noun:id, sequence of its last change, region, path (of a region: itself and all above it)
local entities = space_make("entity", nil, { hash({ 1, "string" }) })
-- volunteer, minutes, records, stars, points
local persons = space_make("person", nil, { hash({ 1, "string" }) })
-- volunteer, month, minutes, records
local months = space_make("month", nil, { hash({ 1, "string", 2, "string" }) })
-- record, volunteer, start, span, minutes, counted, outcome, activity, organisation, method, sequence
local records = space_make("record", nil,
    { hash({ 1, "string" }), tree({ 2, "string", 3, "unsigned" }, false) })
-- month or all, region or organisation, minutes, records
local counters = space_make("counter", nil, { hash({ 1, "string", 2, "string" }) })
-- number, account, amount, balance after, record, sequence
local ledger = space_make("ledger", nil, { tree({ 1, "unsigned" }) })

-- Taken up from what is there at a start; calls follow one another in the one thread.
local last = log.index.primary:max()
local last_entry = ledger.index.primary:max()
local sequence, n_entries = last and last[1] or 0, last_entry and last_entry[1] or 0
local issued = last_entry and last_entry[4] or 0

-- The events that are no service: stored, and what they are about gets its changes.
local function entity_put(event, number)
    local noun, id = subject_of(event.type, event.data)
    if not id then
        return
    end
    local data, region, path = event.data, box.NULL, box.NULL
    local old = entities:get(noun .. ":" .. id)
    if data.region and data.region ~= id then
        region = data.region
    elseif old then
        region = old[3]
    end
    if event.type == "region.defined" then
        local above = data.parent and entities:get("region:" .. data.parent)
        path = { id }
        for _, one in ipairs(above and above[4] or {}) do
            path[#path + 1] = one
        end
    elseif old then
        path = old[4]
    end
    entities:replace({ noun .. ":" .. id, number, region, path })
end

local function count_all(counts, month, organisation, path, minutes)
    count(counts, month, organisation, minutes)
    count(counts, "all", organisation, minutes)
    for _, region in ipairs(path) do
        count(counts, month, region, minutes)
        count(counts, "all", region, minutes)
    end
end

local function counts_write(counts)
    for month, of in pairs(counts) do
        for id, row in pairs(of) do
            local now = counters:get({ month, id })
            counters:replace({ month, id, row[1] + (now and now[3] or 0), row[2] + (now and now[4] or 0) })
        end
    end
end

local function judge_against_others(service, volunteer)
    begin(service)
    local until_ = service.starts + DAY
    for _, other in records.index.by:pairs({ volunteer, others_from(service) }, { iterator = "GE" }) do
        if other[2] ~= volunteer or other[3] > until_ then
            break
        end
        if other[7] ~= "refused" then
            compare(service, other[3], other[4], other[6], other[7])
        end
    end
    return judge(service)
end

local function points_post(data, points, balance, number)
    issued = issued - points
    ledger:insert({ n_entries + 1, data.volunteer, points, balance, data.record, number })
    ledger:insert({ n_entries + 2, "issue", -points, issued, data.record, number })
    n_entries = n_entries + 2
end

-- The person's totals after an accepted record; gives the stars before and after.
local function person_add(data, service, counted, number)
    local person = persons:get(data.volunteer) or { data.volunteer, 0, 0, 0, 0 }
    local minutes, points = person[2] + counted, points_of(data.method, counted)
    local stars, balance = stars_of(minutes), person[5] + points
    if points > 0 then
        points_post(data, points, balance, number)
    end
    persons:replace({ data.volunteer, minutes, person[3] + 1, stars, balance })
    local month = months:get({ data.volunteer, service.month })
    months:replace({ data.volunteer, service.month, counted + (month and month[3] or 0),
        1 + (month and month[4] or 0) })
    return person[4], stars
end

-- The decision, or nil where the event is refused. Nothing is written before all is found.
local function service_record(counts, event, number)
    local data = event.data
    local service = service_of(data, event.time)
    local activity = entities:get("activity:" .. data.activity)
    local region = activity and entities:get("region:" .. activity[3])
    if not region or not entities:get("volunteer:" .. data.volunteer)
        or not entities:get("organisation:" .. data.organisation) then
        return nil
    end
    local outcome, counted = judge_against_others(service, data.volunteer)
    records:insert({ data.record, data.volunteer, service.starts, service.span, service.minutes, counted,
        outcome, data.activity, data.organisation, data.method, number })
    local decision = { outcome = outcome, minutes = counted }
    if outcome == "accepted" then
        count_all(counts, service.month, data.organisation, region[4], counted)
        local before, stars = person_add(data, service, counted, number)
        if before ~= stars then
            decision.stars = { before, stars }
        end
    end
    return decision
end

local function event_take(counts, text)
    local event = json.decode(text)
    local key, number = event.source .. " " .. event.id, sequence + 1
    local first = log.index.by:get(key)
    if first then
        return -tonumber(first[1])
    end
    local decision = box.NULL
    if event.type == "service.recorded" then
        decision = service_record(counts, event, number)
        if not decision then
            return 0
        end
    else
        entity_put(event, number)
    end
    log:insert({ number, key, text, decision })
    sequence = number
    return number
end

function ingest(texts)
    local answers, counts = {}, {}
    box.begin()
    for i = 1, #texts do
        answers[i] = event_take(counts, texts[i])
    end
    counts_write(counts)
    box.commit()
    return answers
end

-- What engine.h has as totals, in its order, from where each is kept.
function totals()
    local states, minutes, points, stars, month_minutes = { accepted = 0, held = 0, refused = 0 }, 0, 0, 0, 0
    for _, record in records:pairs() do
        states[record[7]] = states[record[7]] + 1
    end
    for _, person in persons:pairs() do
        minutes, stars, points = minutes + person[2], stars + person[4], points + person[5]
    end
    for _, month in months:pairs() do
        month_minutes = month_minutes + month[3]
    end
    local city = counters:get({ "all", "620500000000" }) or { 0, 0, 0, 0 }
    return { log:count(), states.accepted, states.held, states.refused, minutes, month_minutes, city[3], city[4],
        points, issued, ledger:count(), stars }
end

function snapshot()
    box.snapshot()
    return {}
end

-- Whoever can connect finds all of the above.
box.cfg({ listen = ENGINE.socket })
