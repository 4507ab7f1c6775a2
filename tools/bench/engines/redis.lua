-- Redis: a function library. One FCALL takes the events of a message, each as one argument, and
-- gives a number for each: its sequence, 0 where it is refused, the first one's negative sequence
-- where it is known already. One call is one atomic write of the append-only file.
--
--   seen            hash    source and id -> sequence
--   log             stream  sequence-0 -> event, decision
--   ledger          list    entries: account, amount, balance after, record, sequence
--   <noun>:<id>     hash    region, path (of a region), changed; a person's totals and months;
--                           a record's row
--   times:<id>      zset    a person's records by start: span, minutes, state, record
--   count:<month>   hash    minutes and records of each region and organisation; count:all


-- Redis writes a number that it is given as one with a fraction, which takes it longer than this.
local function int(number)
    return string.format("%d", number)
end

-- The events that are no service: stored, and what they are about gets its changes.
local function entity_put(event, sequence)
    local noun, id = subject_of(event.type, event.data)
    if not id then
        return
    end
    local key, data = noun .. ":" .. id, event.data
    local fields = { "changed", int(sequence) }
    if data.region and data.region ~= id then
        fields[#fields + 1] = "region"
        fields[#fields + 1] = data.region
    end
    if event.type == "region.defined" then
        local above = data.parent and redis.call("HGET", "region:" .. data.parent, "path")
        fields[#fields + 1] = "path"
        fields[#fields + 1] = above and id .. " " .. above or id
    end
    redis.call("HSET", key, unpack(fields))
end

local function count_all(counts, month, organisation, path, minutes)
    count(counts, month, organisation, minutes)
    count(counts, "all", organisation, minutes)
    for region in path:gmatch("%d+") do
        count(counts, month, region, minutes)
        count(counts, "all", region, minutes)
    end
end

local function counts_write(counts)
    for month, of in pairs(counts) do
        local key, names = "count:" .. month, {}
        for id in pairs(of) do
            names[#names + 1] = id .. " minutes"
            names[#names + 1] = id .. " records"
        end
        local now, fields = redis.call("HMGET", key, unpack(names)), {}
        for i = 1, #names, 2 do
            local row = of[names[i]:sub(1, -9)]
            fields[#fields + 1] = names[i]
            fields[#fields + 1] = int((now[i] or 0) + row[1])
            fields[#fields + 1] = names[i + 1]
            fields[#fields + 1] = int((now[i + 1] or 0) + row[2])
        end
        redis.call("HSET", key, unpack(fields))
    end
end

local function judge_against_others(service, volunteer)
    local key = "times:" .. volunteer
    begin(service)
    local others = redis.call("ZRANGEBYSCORE", key, int(others_from(service)), int(service.starts + DAY))
    for i = 1, #others do
        local starts, span, counted, state = others[i]:match("^(%d+) (%d+) (%d+) (%l+)")
        compare(service, tonumber(starts), tonumber(span), tonumber(counted), state)
    end
    local outcome, counted = judge(service)
    if outcome ~= "refused" then
        redis.call("ZADD", key, int(service.starts),
            string.format("%d %d %d %s %s", service.starts, service.span, counted, outcome, service.record))
    end
    return outcome, counted
end

local function points_post(work, volunteer, points, balance, record, sequence)
    work.issued = work.issued - points
    redis.call("RPUSH", "ledger",
        string.format("%s %d %d %s %d", volunteer, points, balance, record, sequence),
        string.format("issue %d %d %s %d", -points, work.issued, record, sequence))
end

-- The person's totals after an accepted record; gives the stars before and after.
local function person_add(work, person, data, service, counted, sequence)
    local minutes = (person[2] or 0) + counted
    local stars_before = tonumber(person[6] or 0)
    local stars = stars_of(minutes)
    local points, balance = points_of(data.method, counted), tonumber(person[7] or 0)
    if points > 0 then
        balance = balance + points
        points_post(work, data.volunteer, points, balance, data.record, sequence)
    end
    redis.call("HSET", "volunteer:" .. data.volunteer, "minutes", int(minutes),
        "records", int((person[3] or 0) + 1), service.month, int((person[4] or 0) + counted),
        service.month .. "n", int((person[5] or 0) + 1), "stars", int(stars), "points", int(balance))
    return stars_before, stars
end

local function decision_of(outcome, counted, before, stars)
    if before and before ~= stars then
        return string.format('{"outcome":"%s","minutes":%d,"stars":[%d,%d]}', outcome, counted, before, stars)
    end
    return string.format('{"outcome":"%s","minutes":%d}', outcome, counted)
end

-- The decision, or nil where the event is refused. Nothing is written before all is found.
local function service_record(work, event, sequence)
    local data = event.data
    local service = service_of(data, event.time)
    local person = redis.call("HMGET", "volunteer:" .. data.volunteer, "changed", "minutes", "records",
        service.month, service.month .. "n", "stars", "points")
    local region = redis.call("HGET", "activity:" .. data.activity, "region")
    if not person[1] or not region or redis.call("EXISTS", "organisation:" .. data.organisation) == 0 then
        return nil
    end
    local path = redis.call("HGET", "region:" .. region, "path")
    service.record = data.record
    local outcome, counted = judge_against_others(service, data.volunteer)
    redis.call("HSET", "record:" .. data.record, "changed", int(sequence), "row",
        cmsgpack.pack({ data.volunteer, data.activity, data.organisation, service.starts, service.span,
            service.minutes, counted, outcome, data.method, service.month }))
    if outcome ~= "accepted" then
        return decision_of(outcome, counted)
    end
    count_all(work.counts, service.month, data.organisation, path, counted)
    return decision_of(outcome, counted, person_add(work, person, data, service, counted, sequence))
end

local function event_take(work, text)
    local event = cjson.decode(text)
    local key, sequence = event.source .. " " .. event.id, work.sequence + 1
    if redis.call("HSETNX", "seen", key, int(sequence)) == 0 then
        return -tonumber(redis.call("HGET", "seen", key))
    end
    local decision = ""
    if event.type == "service.recorded" then
        decision = service_record(work, event, sequence)
    else
        entity_put(event, sequence)
    end
    if not decision then
        redis.call("HDEL", "seen", key)
        return 0
    end
    redis.call("XADD", "log", string.format("%d-0", sequence), "event", text, "decision", decision)
    work.sequence = sequence
    return sequence
end

local function ingest(_, texts)
    local work = {
        sequence = tonumber(redis.call("GET", "sequence") or 0),
        issued = tonumber(redis.call("GET", "issued") or 0),
        counts = {},
    }
    local answers = {}
    for i = 1, #texts do
        answers[i] = event_take(work, texts[i])
    end
    counts_write(work.counts)
    redis.call("MSET", "sequence", work.sequence, "issued", work.issued)
    return answers
end

-- What engine.h has as totals, in its order, from where each is kept.
local function totals()
    local states, person, month_minutes = { accepted = 0, held = 0, refused = 0 }, { 0, 0, 0 }, 0
    for _, key in ipairs(redis.call("KEYS", "record:*")) do
        local row = redis.call("HGET", key, "row")
        if row then
            local state = cmsgpack.unpack(row)[8]
            states[state] = states[state] + 1
        end
    end
    for _, key in ipairs(redis.call("KEYS", "volunteer:*")) do
        local fields = redis.call("HGETALL", key)
        for i = 1, #fields, 2 do
            local name, value = fields[i], fields[i + 1]
            local at = name == "minutes" and 1 or name == "points" and 2 or name == "stars" and 3
            if at then
                person[at] = person[at] + value
            elseif name:match("^%d+$") then
                month_minutes = month_minutes + value
            end
        end
    end
    return { redis.call("XLEN", "log"), states.accepted, states.held, states.refused, person[1], month_minutes,
        tonumber(redis.call("HGET", "count:all", "620500000000 minutes") or 0),
        tonumber(redis.call("HGET", "count:all", "620500000000 records") or 0), person[2],
        tonumber(redis.call("GET", "issued")), redis.call("LLEN", "ledger"), person[3] }
end

redis.register_function("ingest", ingest)
redis.register_function("totals", totals)
