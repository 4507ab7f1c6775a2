#include "stations.h"

#include <stdio.h>
#include <stdlib.h>

#include "campaign.h"
#include "random.h"

#define LATE_EVERY_IN_DISTRICTS 23u
#define LATE_EVERY_ELSEWHERE 19u
#define TRIED_PER_1000 180u /* a part that is looked at before it is there */
#define CLOSED_AGAIN 2u     /* this one outside the districts gives up its house after a while */
#define CODE_RESIDENTS_LIKE '4'

enum step {
    STEP_PLANNED,
    STEP_TRIED,                             /* + part */
    STEP_PART = STEP_TRIED + STATION_PARTS, /* + part */
    STEP_BUILT = STEP_PART + STATION_PARTS,
    STEP_OPENED,
    STEP_CLOSED,
};

static const struct {
    const char *word;
    const char *note;
    const char *missing;
} parts[STATION_PARTS] = {
    {"staff", "聘任文件和工作人员名单(模拟)", "人员尚未到岗(模拟)"},
    {"funds", "年度工作经费拨付单(模拟)", "经费尚未下达(模拟)"},
    {"venue", "办公用房照片和产权或租用合同(模拟)", "用房正在装修(模拟)"},
    {"team", "社区志愿服务队名册(模拟)", "队伍正在招募(模拟)"},
};

/* ---- which ---- */

static bool is_candidate(const struct region *region, bool like) {
    if (region_is_residents_committee(region))
        return !like;
    return like && region->level == 5 && region->code.data[9] == CODE_RESIDENTS_LIKE &&
           region_has_people(region);
}

static uint32_t count_candidates(const struct regions *regions) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < regions->n; i++)
        n += is_candidate(&regions->items[i], false);
    return n;
}

static void take(struct stations *stations, uint32_t region) {
    uint32_t county = region_ancestor(stations->regions, region, 3);
    bool in_district = region_is_district(&stations->regions->items[county]);
    stations->items[stations->n] = (struct station){.region = region, .in_district = in_district};
    stations->of_region[region] = ++stations->n;
    stations->n_in_districts += in_district;
}

/* Every residents' committee; where the plan has more stations than there are of these, also what
 * the statistics call similar to one. */
static void choose(struct stations *stations) {
    const struct regions *regions = stations->regions;
    for (uint32_t i = 0; i < regions->n; i++)
        if (is_candidate(&regions->items[i], false))
            take(stations, i);
    for (uint32_t i = 0; i < regions->n && stations->n < STATIONS_IN_PLAN; i++)
        if (is_candidate(&regions->items[i], true))
            take(stations, i);
}

/* ---- when ---- */

/* Most are ready shortly before the deadline: of two days the later one. */
static uint32_t draw_built(const struct plan *plan, struct random *random, bool in_district,
                           bool late) {
    uint32_t first = in_district ? campaign_day(plan, 9, 5) : campaign_day(plan, 9, 25);
    uint32_t last = in_district ? campaign_day(plan, 10, 25) : campaign_day(plan, 12, 26);
    uint32_t one = random_between(random, first, last), other = random_between(random, first, last);
    if (late)
        return last + random_between(random, 12, 55);
    return in_district && other > one ? other : one;
}

static void draw_parts(struct station *station, struct random *random) {
    uint32_t first = station->planned + 3;
    for (uint32_t i = 0; i < STATION_PARTS; i++) {
        station->parts[i] = random_between(random, first, station->built - 1);
        if (random_chance(random, TRIED_PER_1000) && station->parts[i] > first + 9)
            station->tried[i] = random_between(random, first, station->parts[i] - 4);
    }
}

static void draw_days(struct stations *stations, uint32_t index) {
    const struct plan *plan = stations->plan;
    struct station *station = &stations->items[index];
    struct random random = random_for(plan->seed, STREAM_STATION, index);
    uint32_t every = station->in_district ? LATE_EVERY_IN_DISTRICTS : LATE_EVERY_ELSEWHERE;
    uint32_t of_these = station->in_district ? index : index - stations->n_in_districts;
    bool late = of_these % every == 7;
    station->planned = random_between(&random, campaign_day(plan, 7, 2), campaign_day(plan, 8, 31));
    station->built = draw_built(plan, &random, station->in_district, late);
    station->opened = station->built + random_between(&random, 1, 5);
    if (!station->in_district && of_these == CLOSED_AGAIN) {
        station->built = campaign_day(plan, 9, 25);
        station->opened = station->built + 3;
        station->closed = campaign_day(plan, 11, 20);
    }
    draw_parts(station, &random);
}

void stations_init(struct stations *stations, const struct plan *plan,
                   const struct regions *regions) {
    uint32_t most = count_candidates(regions) + STATIONS_IN_PLAN;
    *stations = (struct stations){.plan = plan,
                                  .regions = regions,
                                  .items = calloc(most, sizeof(*stations->items)),
                                  .of_region = calloc(regions->n, sizeof(uint32_t))};
    if (!stations->items || !stations->of_region)
        abort();
    choose(stations);
    for (uint32_t i = 0; i < stations->n; i++)
        draw_days(stations, i);
}

void stations_deinit(struct stations *stations) {
    free(stations->items);
    free(stations->of_region);
    *stations = (struct stations){0};
}

bool station_is_open(const struct station *station, uint32_t day) {
    return station->opened < day && (!station->closed || day < station->closed);
}

int32_t station_due(const struct plan *plan, bool in_district) {
    return in_district ? date_from_civil(campaign_year(plan), 10, 31)
                       : date_from_civil(campaign_year(plan), 12, 31);
}

/* ---- as events ---- */

static void plan_step(struct schedule *schedule, uint32_t index, uint32_t step, uint32_t day) {
    uint32_t second = 9 * HOUR_S + step * 36 * MINUTE_S + index % 30 * MINUTE_S;
    schedule_add(schedule, &(struct entry){.moment = day * DAY_S + second,
                                           .kind = ENTRY_STATION,
                                           .subject = index,
                                           .activity = step});
}

static uint32_t day_of_step(const struct station *station, uint32_t step) {
    switch (step) {
    case STEP_PLANNED:
        return station->planned;
    case STEP_BUILT:
        return station->built;
    case STEP_OPENED:
        return station->opened;
    case STEP_CLOSED:
        return station->closed;
    default:
        return step < STEP_PART ? station->tried[step - STEP_TRIED]
                                : station->parts[step - STEP_PART];
    }
}

void stations_plan_day(const struct stations *stations, struct schedule *schedule, uint32_t day) {
    for (uint32_t i = 0; i < stations->n; i++)
        for (uint32_t step = STEP_PLANNED; step <= STEP_CLOSED; step++)
            if (day_of_step(&stations->items[i], step) == day)
                plan_step(schedule, i, step, day);
}

void field_station(struct output *out, const char *name, uint32_t station) {
    field_id(out, name, "tszyz:s", 3, station + 1);
}

/* The digest of a document that does not exist, so it is drawn. */
static void field_evidence(const struct stations *stations, struct output *out, uint32_t station,
                           uint32_t step, const char *note) {
    struct random random =
        random_for(stations->plan->seed, STREAM_STATION, (uint64_t)station << 8 | (step + 1));
    char digest[80];
    int size = snprintf(digest, sizeof digest, "sha256:");
    for (uint32_t i = 0; i < 4; i++)
        size += snprintf(digest + size, sizeof digest - (size_t)size, "%016llx",
                         (unsigned long long)random_next(&random));
    field_object(out, "evidence");
    field_text(out, "digest", (struct str){digest, (size_t)size});
    field_text(out, "note", str_from(note));
    object_end(out);
}

static void write_planned(const struct stations *stations, struct output *out, uint32_t index) {
    const struct station *station = &stations->items[index];
    const struct region *region = &stations->regions->items[station->region];
    struct buf name = {0};
    buf_printf(&name, "%.*s志愿服务工作站", STR_ARG(region_short_name(region)));
    field_text(out, "region", region->code);
    field_text(out, "name", buf_str(&name));
    field_date(out, "due", station_due(stations->plan, station->in_district));
    buf_deinit(&name);
}

static void write_progress(const struct stations *stations, struct output *out, uint32_t index,
                           uint32_t step, const char *on) {
    bool done = step >= STEP_PART;
    uint32_t part = done ? step - STEP_PART : step - STEP_TRIED;
    field_text(out, "part", str_from(parts[part].word));
    if (done)
        field_true(out, "done");
    else
        field_false(out, "done");
    field_evidence(stations, out, index, step, done ? parts[part].note : parts[part].missing);
    field_id(out, "by", "clerk:", 3, index % 400 + 1);
    field_text(out, "on", str_from(on));
}

static const char *type_of_step(uint32_t step) {
    return step == STEP_PLANNED  ? "station.planned"
           : step < STEP_BUILT   ? "station.progressed"
           : step == STEP_BUILT  ? "station.built"
           : step == STEP_OPENED ? "station.opened"
                                 : "station.closed";
}

void station_write(const struct stations *stations, struct output *out, const struct entry *entry) {
    uint32_t index = entry->subject, step = entry->activity;
    const char *on = out->dates[entry->moment / DAY_S];
    event_begin(out, SOURCE_CIVIL_AFFAIRS, type_of_step(step), entry->moment);
    field_station(out, "station", index);
    if (step == STEP_PLANNED) {
        write_planned(stations, out, index);
    } else if (step < STEP_BUILT) {
        write_progress(stations, out, index, step, on);
    } else {
        field_text(out, "on", str_from(on));
        if (step == STEP_BUILT)
            field_evidence(stations, out, index, step, "验收表:四项均已落实(模拟)");
    }
    event_end(out);
}
