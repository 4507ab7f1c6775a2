#include "services.h"

#include <assert.h>

#include "random.h"
#include "season.h"

#define LATE_PER_1000 4u
#define LATE_DAYS_FROM 31u /* beyond the month that the shipped policy allows */
#define LATE_DAYS_TO 75u
#define CORRECTED_PER_1000 8u
#define REVOKED_PER_1000 2u
#define DISPUTED_PER_1000 2u
#define SETTLED_AFTER 4u
#define JITTER_MINUTES                                                                             \
    12u /* people come and leave within so many minutes of the announced times                     \
         */
#define SURE_PER_1000000 970000u
#define MAX_ZEALS 16u

/* Chance of each row of the zeal table on the day, in 2^-32. */
static void chances_of_day(const struct plan *plan, uint32_t day, uint64_t ret_chances[MAX_ZEALS]) {
    uint32_t factor = season_factor(plan_date(plan, day));
    assert(zeal_count() <= MAX_ZEALS);
    for (size_t i = 0; i < zeal_count(); i++) {
        const struct zeal *zeal = zeal_at(i);
        uint32_t moved = zeal->steady ? (factor + 9 * SEASON_AVERAGE) / 10 : factor;
        uint64_t per_million = (uint64_t)zeal->daily_per_1000000 * moved / SEASON_AVERAGE;
        if (per_million > SURE_PER_1000000)
            per_million = SURE_PER_1000000;
        ret_chances[i] = per_million * (UINT64_C(1) << 32) / 1000000;
    }
}

struct range {
    uint32_t first;
    uint32_t end;
};

static struct range activities_in(const struct services *services, uint32_t region) {
    const uint32_t *first = services->activities->first;
    return (struct range){first[region], first[services->regions->items[region].end]};
}

/* Near home where something is held there: in the township, else in the county, else anywhere.
 * Those who compare look around the whole county. */
static struct range activities_near(const struct services *services, struct random *random,
                                    const struct person *person) {
    uint32_t draw = random_below(random, 1000);
    bool at_home = draw < 700 && zeal_at(person->zeal)->choices == 1;
    for (uint32_t level = at_home ? 4 : draw < 950 ? 3 : 2; level > 2; level--) {
        uint32_t region = region_ancestor(services->regions, person->region, level);
        struct range range = activities_in(services, region);
        if (range.end > range.first)
            return range;
    }
    return (struct range){0, services->activities->n_today};
}

static const struct activity *choose(const struct services *services, struct random *random,
                                     const struct person *person) {
    struct range range = activities_near(services, random, person);
    const struct activity *chosen = NULL;
    if (range.end == range.first)
        return NULL;
    for (uint32_t i = 0; i < zeal_at(person->zeal)->choices; i++) {
        uint32_t at = range.first + random_below(random, range.end - range.first);
        const struct activity *activity = &services->activities->today[at];
        if (activity->night && (person->flags & PERSON_MINOR))
            continue;
        if (!chosen || activity->ends - activity->starts > chosen->ends - chosen->starts)
            chosen = activity;
    }
    return chosen;
}

static enum method draw_method(struct random *random) {
    uint32_t draw = random_below(random, 100);
    return draw < 62   ? METHOD_AUTOMATIC
           : draw < 80 ? METHOD_CODE
           : draw < 95 ? METHOD_MANUAL
                       : METHOD_IMPORT;
}

/* From the end of service to entry, in seconds. */
static uint32_t draw_delay(struct random *random, enum method method, bool late) {
    static const struct {
        uint32_t from_s, to_s;
    } delays[] = {
        [METHOD_AUTOMATIC] = {30, 40 * MINUTE_S},
        [METHOD_CODE] = {5 * MINUTE_S, 12 * HOUR_S},
        [METHOD_MANUAL] = {8 * HOUR_S, 7 * DAY_S},
        [METHOD_IMPORT] = {DAY_S, 10 * DAY_S},
    };
    if (late)
        return random_between(random, LATE_DAYS_FROM * DAY_S, LATE_DAYS_TO * DAY_S);
    return random_between(random, delays[method].from_s, delays[method].to_s);
}

static uint32_t counted_minutes(enum method method, uint32_t span_s) {
    uint32_t minutes = span_s / MINUTE_S;
    bool by_hand = method == METHOD_MANUAL || method == METHOD_IMPORT;
    return by_hand ? minutes / 30 * 30 : minutes; /* clerks write half hours */
}

static void plan_record(struct services *services, struct random *random,
                        const struct activity *activity, uint32_t volunteer, enum fault fault) {
    bool late = random_chance(random, LATE_PER_1000);
    enum method method = draw_method(random);
    if (late || fault == FAULT_LATE)
        method = METHOD_MANUAL;
    uint32_t unit = method == METHOD_AUTOMATIC ? 1 : MINUTE_S;
    uint32_t jitter = JITTER_MINUTES * MINUTE_S / unit;
    uint32_t starts = activity->starts + random_below(random, jitter) * unit;
    uint32_t ends = activity->ends - random_below(random, jitter) * unit;
    uint32_t delay_s = draw_delay(random, method, late || fault == FAULT_LATE);
    schedule_add(services->schedule,
                 &(struct entry){.moment = ends + delay_s,
                                 .subject = volunteer,
                                 .activity = activity->number,
                                 .starts = starts,
                                 .span_s = (uint16_t)(ends - starts),
                                 .minutes = (uint16_t)counted_minutes(method, ends - starts),
                                 .organisation = (uint16_t)activity->organisation,
                                 .kind = ENTRY_RECORDED,
                                 .method = (uint8_t)method,
                                 .category = activity->category,
                                 .fault = (uint8_t)fault,
                                 .late = late});
}

static bool are_apart(const struct activity *a, const struct activity *b) {
    return a->ends + 20 * MINUTE_S <= b->starts || b->ends + 20 * MINUTE_S <= a->starts;
}

static void serve(struct services *services, uint32_t volunteer, uint32_t day) {
    const struct plan *plan = services->plan;
    const struct person *person = &services->people->items[volunteer];
    struct random random = random_for(plan->seed, STREAM_SHIFT, (uint64_t)day << 32 | volunteer);
    const struct activity *first = choose(services, &random, person);
    if (!first || person_is_leaving(services->people, volunteer, day) ||
        (person->week && person_registers_on(services->people, volunteer) >= day))
        return;
    plan_record(services, &random, first, volunteer, fault_draw(plan, day, volunteer, 0));
    if (!random_chance(&random, zeal_at(person->zeal)->second_per_1000))
        return;
    const struct activity *second = choose(services, &random, person);
    if (second && are_apart(first, second))
        plan_record(services, &random, second, volunteer, fault_draw(plan, day, volunteer, 1));
}

void services_plan_day(struct services *services, uint32_t day) {
    const struct person *people = services->people->items;
    uint64_t key = random_mix(random_key(services->plan->seed, STREAM_PERSON_DAY) + day);
    uint64_t chances[MAX_ZEALS];
    chances_of_day(services->plan, day, chances);
    for (uint32_t i = 0; i < services->plan->n_volunteers; i++) {
        uint64_t chance = chances[people[i].zeal] * people[i].vigour / AVERAGE_VIGOUR;
        if (random_mix(key + RANDOM_STEP * i) >> 32 < chance)
            serve(services, i, day);
    }
}

/* What happens to the record afterwards, on a later day in office hours. */
static void plan_follow_up(struct services *services, const struct service *service, bool late) {
    struct random random = random_for(services->plan->seed, STREAM_FOLLOW_UP, service->record);
    struct entry entry = {.subject = service->record,
                          .organisation = (uint16_t)service->organisation};
    uint32_t draw = random_below(&random, 1000), days;
    if (late) {
        entry.kind = ENTRY_REVIEWED;
        days = random_between(&random, 1, 9);
    } else if (draw < CORRECTED_PER_1000 && service->minutes > 45) {
        entry.kind = ENTRY_CORRECTED;
        entry.minutes = (uint16_t)(service->minutes - random_between(&random, 1, 2) * 15);
        days = random_between(&random, 3, 20);
    } else if (draw >= 1000 - REVOKED_PER_1000) {
        entry.kind = ENTRY_REVOKED;
        days = random_between(&random, 5, 30);
    } else if (draw >= 1000 - REVOKED_PER_1000 - DISPUTED_PER_1000) {
        entry.kind = ENTRY_DISPUTED;
        days = random_between(&random, 1, 6);
    } else {
        return;
    }
    entry.moment =
        (service->moment / DAY_S + days) * DAY_S + random_between(&random, 9 * HOUR_S, 17 * HOUR_S);
    schedule_add(services->schedule, &entry);
    if (entry.kind != ENTRY_DISPUTED)
        return;
    entry.kind = ENTRY_SETTLED;
    entry.moment += SETTLED_AFTER * DAY_S;
    schedule_add(services->schedule, &entry);
}

static void write_record(struct services *services, struct output *out, const struct entry *entry) {
    struct service service = {.record = ++services->n_records,
                              .volunteer = entry->subject,
                              .activity = entry->activity,
                              .organisation = entry->organisation,
                              .starts = entry->starts,
                              .ends = entry->starts + entry->span_s,
                              .minutes = entry->minutes,
                              .category = entry->category,
                              .method = (enum method)entry->method,
                              .moment = entry->moment};
    if (fault_write(&services->faults, out, (enum fault)entry->fault, &service))
        return;
    uint64_t number = record_write(out, &service, RECORD_RIGHT);
    if (entry->fault == FAULT_LATE)
        return;
    if (!entry->late)
        faults_remember(&services->faults, &service, number);
    plan_follow_up(services, &service, entry->late);
}

void service_write(struct services *services, struct output *out, const struct entry *entry) {
    uint32_t record = entry->subject, organisation = entry->organisation;
    switch ((enum entry_kind)entry->kind) {
    case ENTRY_RECORDED:
        write_record(services, out, entry);
        break;
    case ENTRY_REVIEWED:
        record_review(out, record, organisation, record % 7 != 0, entry->moment);
        break;
    case ENTRY_CORRECTED:
        record_correct(out, record, organisation, entry->minutes, entry->moment);
        break;
    case ENTRY_DISPUTED:
        record_dispute(out, record, entry->moment);
        break;
    case ENTRY_SETTLED:
        record_settle(out, record, organisation, entry->moment);
        break;
    default:
        record_revoke(out, record, organisation, entry->moment);
        faults_remember_revoked(&services->faults, record);
    }
}
