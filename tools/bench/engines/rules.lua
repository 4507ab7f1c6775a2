-- What Redis and Tarantool both do with an event, whatever they keep it in: read it, judge it. The
-- rules are those of scripts/policies with their parameters; times are the city's, in minutes.
-- Put in front of redis.lua and tarantool.lua; Lua 5.1, and nothing of its library is there while
-- Redis loads this.

local DAY = 1440

-- Days since 1970 of a date; there are few of them, and each is worked out once.
local known_days = {}
local function days(date)
    local known = known_days[date]
    if known then
        return known
    end
    local year, month, day = tonumber(date:sub(1, 4)), tonumber(date:sub(6, 7)), tonumber(date:sub(9, 10))
    if month < 3 then
        year, month = year - 1, month + 12
    end
    known = 365 * year + math.floor(year / 4) - math.floor(year / 100) + math.floor(year / 400)
        + math.floor((153 * (month - 3) + 2) / 5) + day - 1 - 719468
    known_days[date] = known
    return known
end

-- Seconds of the city's clock. All times of the simulated city are written with its offset.
local function seconds(time)
    if time:sub(20) ~= "+08:00" then
        error("a time of another zone: " .. time)
    end
    return days(time:sub(1, 10)) * 86400 + tonumber(time:sub(12, 13)) * 3600
        + tonumber(time:sub(15, 16)) * 60 + tonumber(time:sub(18, 19))
end

-- The minutes and the month of a service.recorded, from its data and when it was entered.
local function service_of(data, time)
    local starts, ends = seconds(data.starts), seconds(data.ends)
    local span = math.floor((ends - starts) / 60)
    return {
        starts = math.floor(starts / 60),
        span = span,
        minutes = data.minutes or span,
        late = math.floor((seconds(time) - ends) / 60) > 30 * DAY,
        month = data.starts:sub(1, 4) .. data.starts:sub(6, 7),
    }
end

-- How much of `minutes` from `starts` on lies before midnight; the rest is the next day's.
local function before_midnight(starts, minutes)
    return math.min(minutes, (math.floor(starts / DAY) + 1) * DAY - starts)
end

-- Adds what an accepted record counts on the two days that `service` may touch.
local function count_used(service, starts, counted)
    local shift = math.floor(starts / DAY) - math.floor(service.starts / DAY)
    local first = before_midnight(starts, counted)
    if shift == 0 then
        service.used = service.used + first
        service.used_next = service.used_next + counted - first
    elseif shift == 1 then
        service.used_next = service.used_next + first
    elseif shift == -1 then
        service.used = service.used + counted - first
    end
end

-- One other record of the person that is accepted or held.
local function compare(service, starts, span, counted, state)
    if starts < service.starts + service.span and service.starts < starts + span then
        service.overlaps = true
    end
    if state == "accepted" then
        count_used(service, starts, counted)
    end
end

-- Where a search for such others has to begin: none lasts longer than a day, nor counts longer.
local function others_from(service)
    return service.starts - 2 * DAY
end

local function begin(service)
    service.used, service.used_next, service.overlaps = 0, 0, false
end

-- scripts/policies/acceptance.lua: the outcome and the minutes that count.
local function judge(service)
    if service.span > DAY then
        return "refused", 0
    end
    local first = before_midnight(service.starts, service.minutes)
    local counted = math.min(first, math.max(0, 720 - service.used))
        + math.min(service.minutes - first, math.max(0, 720 - service.used_next))
    if counted == 0 then
        return "refused", 0
    end
    return (service.overlaps or service.late) and "held" or "accepted", counted
end

-- scripts/policies/star_rating.lua
local function stars_of(minutes)
    return minutes < 6000 and 0 or minutes < 18000 and 1 or minutes < 36000 and 2
        or minutes < 60000 and 3 or minutes < 90000 and 4 or 5
end

-- scripts/policies/points.lua
local function points_of(method, counted)
    return method == "manual" and 0 or math.floor(counted / 30) * 50
end

-- What an event of another type is about: region.defined a region, service.revoked a record.
local function subject_of(kind, data)
    local noun = kind:match("^%l+")
    if noun == "service" then
        noun = "record"
    end
    return noun, data[noun]
end

-- A message's changes of counters are written once, at its end.
local function count(counts, month, id, minutes)
    local of = counts[month]
    if not of then
        of = {}
        counts[month] = of
    end
    local row = of[id]
    if row then
        row[1], row[2] = row[1] + minutes, row[2] + 1
    else
        of[id] = { minutes, 1 }
    end
end
