#include "posts.h"

#include "campaign.h"
#include "random.h"

#define UNITS 40u             /* employers: the first ones, to whom the campaign's notice goes */
#define CLAIMS 3u             /* of a post, at most */
#define NEVER_PER_1000 90u    /* of the members: do not report in */
#define SKIPPED_PER_1000 110u /* of the days of duty: nobody comes */
#define FOUND_PER_1000 300u   /* of duties: something was found */
#define RECEIVERS_FROM 700u   /* clerks of the communities */
#define LEAST_ZEAL 1u         /* whoever serves at all: the others are suspended now and then */
#define MOST_ZEAL 7u
/* Before anything else of the day begins, on Wednesdays and Sundays. */
#define DUTY_AT (5 * HOUR_S + 20 * MINUTE_S)
#define DUTY_S (50 * MINUTE_S)
#define CALENDAR "wed,sun 05:20-06:10"

enum step {
    STEP_PAIRED, /* subject: a unit, as in the next four */
    STEP_DEFINED,
    STEP_MARKED, /* defined, without days of duty as long as nobody is there for it */
    STEP_CLOSED,
    STEP_ENDED,
    STEP_CLAIMED, /* subject: a volunteer, starts: the unit; the same in the rest */
    STEP_OFFERED,
    STEP_ACCEPTED,
    STEP_RELEASED,
    STEP_DONE,
    STEP_REPORTED_IN,
};

struct claimants {
    uint32_t n;
    uint32_t volunteers[CLAIMS];
};

static uint32_t n_units(const struct posts *posts) {
    uint32_t n = posts->people->organisations->n_employers;
    return n < UNITS ? n : UNITS;
}

static uint32_t unit(const struct posts *posts, uint32_t i) {
    return posts->people->organisations->employers[i];
}

/* The place of an employer among the units, or UNITS. */
static uint32_t unit_of(const struct posts *posts, uint16_t employer) {
    uint32_t n = n_units(posts), i = 0;
    while (i < n && unit(posts, i) != employer)
        i++;
    return i < n ? i : UNITS;
}

static void add(struct schedule *schedule, uint32_t moment, enum step step, uint32_t subject,
                uint32_t of_unit) {
    schedule_add(schedule, &(struct entry){.moment = moment,
                                           .kind = ENTRY_POST,
                                           .subject = subject,
                                           .activity = step,
                                           .starts = of_unit});
}

/* ---- the plan, all of it on the day of the campaign ---- */

/* It has days of duty, and nobody claims it. */
static bool is_left_alone(uint32_t i) {
    return i % 8 == 6;
}

static uint32_t defined_on(const struct posts *posts, uint32_t i) {
    return campaign_day(posts->people->plan, 8, 25) + i % 4;
}

/* Where the unit gives its own up again. */
static uint32_t released_on(const struct posts *posts, uint32_t i) {
    return i % 15 == 7 ? campaign_day(posts->people->plan, 10, 20) : UINT32_MAX;
}

static uint32_t closed_on(const struct posts *posts, uint32_t i) {
    return i % 20 == 11 ? campaign_day(posts->people->plan, 11, 10) : UINT32_MAX;
}

static void plan_claims(const struct posts *posts, struct schedule *schedule, uint32_t i,
                        const struct claimants *claimants) {
    uint32_t morning = (defined_on(posts, i) + 1) * DAY_S + 9 * HOUR_S + i * 61;
    for (uint32_t k = 0; k < claimants->n; k++) {
        bool offered = i % 4 == 3;
        add(schedule, morning + k, offered ? STEP_OFFERED : STEP_CLAIMED, claimants->volunteers[k],
            i);
        if (offered)
            add(schedule, morning + 8 * HOUR_S + k, STEP_ACCEPTED, claimants->volunteers[k], i);
    }
    if (claimants->n && released_on(posts, i) != UINT32_MAX)
        add(schedule, released_on(posts, i) * DAY_S + 17 * HOUR_S + i, STEP_RELEASED,
            claimants->volunteers[0], i);
}

static bool is_of_duty(const struct plan *plan, uint32_t day) {
    int32_t weekday = (plan_date(plan, day) + 4) % 7; /* 0: Sunday */
    return weekday == 0 || weekday == 3;
}

static void plan_duties(const struct posts *posts, struct schedule *schedule, uint32_t i,
                        const struct claimants *claimants) {
    const struct plan *plan = posts->people->plan;
    uint32_t until = campaign_day(plan, 12, 20);
    until = closed_on(posts, i) < until ? closed_on(posts, i) : until;
    for (uint32_t day = defined_on(posts, i) + 2; day < until; day++) {
        struct random random = random_for(plan->seed, STREAM_POST, (uint64_t)i << 32 | day);
        bool skipped = random_chance(&random, SKIPPED_PER_1000);
        uint32_t first = day > released_on(posts, i), n = claimants->n - (claimants->n && first);
        if (!is_of_duty(plan, day) || skipped || !n)
            continue;
        add(schedule, day * DAY_S + DUTY_AT + DUTY_S + 20 * MINUTE_S + i * 61, STEP_DONE,
            claimants->volunteers[first + random_below(&random, n)], i);
    }
}

static void plan_unit(const struct posts *posts, struct schedule *schedule, uint32_t i,
                      const struct claimants *claimants) {
    const struct plan *plan = posts->people->plan;
    uint32_t morning = defined_on(posts, i) * DAY_S + i * 61;
    add(schedule, morning + 9 * HOUR_S, STEP_PAIRED, i, i);
    add(schedule, morning + 10 * HOUR_S,
        claimants->n || is_left_alone(i) ? STEP_DEFINED : STEP_MARKED, i, i);
    plan_claims(posts, schedule, i, claimants);
    plan_duties(posts, schedule, i, claimants);
    if (closed_on(posts, i) != UINT32_MAX)
        add(schedule, closed_on(posts, i) * DAY_S + 16 * HOUR_S + i, STEP_CLOSED, i, i);
    if (i % 13 == 5)
        add(schedule, campaign_day(plan, 11, 30) * DAY_S + 16 * HOUR_S + i, STEP_ENDED, i, i);
}

static void plan_report(const struct posts *posts, struct schedule *schedule, uint32_t volunteer,
                        uint32_t i) {
    const struct plan *plan = posts->people->plan;
    struct random random = random_for(plan->seed, STREAM_POST, UINT64_C(1) << 48 | volunteer);
    uint32_t from = campaign_day(plan, 8, 30);
    uint32_t registered = person_registers_on(posts->people, volunteer);
    bool never = random_chance(&random, NEVER_PER_1000);
    from = registered >= from ? registered + 1 : from;
    uint32_t day = from + random_below(&random, 20);
    if (!never && day < campaign_day(plan, 12, 20))
        add(schedule, day * DAY_S + 9 * HOUR_S + volunteer % (8 * HOUR_S), STEP_REPORTED_IN,
            volunteer, i);
}

/* In service, and with the same unit for as long as is simulated. */
static bool is_member(const struct person *person) {
    return person->flags & PERSON_IN_SERVICE &&
           !(person->flags & (PERSON_WITHDRAWS | PERSON_CHANGES_EMPLOYER));
}

void posts_plan_day(const struct posts *posts, struct schedule *schedule, uint32_t day) {
    const struct people *people = posts->people;
    struct claimants claimants[UNITS] = {{0}};
    if (day != campaign_day(people->plan, 8, 24))
        return;
    for (uint32_t volunteer = 0; volunteer < people->plan->n_volunteers; volunteer++) {
        const struct person *person = &people->items[volunteer];
        uint32_t i = is_member(person) ? unit_of(posts, person->employer) : UNITS;
        if (i == UNITS)
            continue;
        plan_report(posts, schedule, volunteer, i);
        if (!person->week && person->zeal >= LEAST_ZEAL && person->zeal <= MOST_ZEAL &&
            claimants[i].n < CLAIMS && !is_left_alone(i))
            claimants[i].volunteers[claimants[i].n++] = volunteer;
    }
    for (uint32_t i = 0; i < n_units(posts); i++)
        plan_unit(posts, schedule, i, &claimants[i]);
}

/* ---- writing ---- */

static void field_post(struct output *out, uint32_t i) {
    field_id(out, "post", "post:", 3, i + 1);
}

/* The community that the unit looks after: one with compounds and crossings. */
static struct str community(const struct posts *posts, uint32_t i) {
    const struct regions *regions = posts->people->regions;
    struct random random = random_for(posts->people->plan->seed, STREAM_POST, i);
    const struct region *region;
    uint32_t tries = 0;
    do
        region = &regions->items[region_draw(regions, (uint32_t)(random_next(&random) >> 32))];
    while (!region_is_residents_committee(region) && ++tries < 50);
    return region->code;
}

static void pair(const struct posts *posts, struct output *out, uint32_t i) {
    field_organisation(out, "organisation", unit(posts, i));
    field_text(out, "region", community(posts, i));
    if (i % 5 == 2)
        field_text(out, "estate", STR("模拟小区"));
    field_text(out, "campaign", STR(CAMPAIGN_ID));
}

static void define(const struct posts *posts, struct output *out, uint32_t i, enum step step) {
    static const struct {
        const char *kind;
        const char *bounds;
        const char *duty;
    } kinds[] = {
        {"road_section", "模拟路:南口至十字", "清扫卫生、劝导停车"},
        {"crossing", "模拟路十字", "文明劝导、维护秩序"},
        {"estate", "模拟小区1至6号楼", "卫生清扫、走访住户"},
        {"road_section", "模拟路:十字至北口", "清扫卫生、劝导停车"},
    };
    field_text(out, "kind", str_from(kinds[i % 4].kind));
    field_text(out, "region", community(posts, i));
    field_text(out, "bounds", str_from(kinds[i % 4].bounds));
    field_text(out, "duty", str_from(kinds[i % 4].duty));
    if (step == STEP_DEFINED)
        field_text(out, "duty_calendar", STR(CALENDAR));
    field_id(out, "responsible", "clerk:", 3, RECEIVERS_FROM + i);
    field_organisation(out, "organisation", unit(posts, i));
    field_text(out, "campaign", STR(CAMPAIGN_ID));
}

static void duty(const struct posts *posts, struct output *out, const struct entry *entry) {
    static const char *const found[] = {"清除小广告3处", "劝离乱停车5辆", "井盖松动,已报社区",
                                        "垃圾箱满溢,已报环卫"};
    uint32_t day = entry->moment / DAY_S;
    struct random random = random_for(posts->people->plan->seed, STREAM_POST,
                                      UINT64_C(1) << 49 | (uint64_t)entry->starts << 32 | day);
    field_moment(out, "starts", day * DAY_S + DUTY_AT);
    field_moment(out, "ends", day * DAY_S + DUTY_AT + DUTY_S);
    if (random_chance(&random, FOUND_PER_1000))
        field_text(out, "findings", str_from(found[random_below(&random, 4)]));
    field_text(out, "method", STR("gps"));
}

static void report_in(const struct posts *posts, struct output *out, const struct entry *entry) {
    field_volunteer(out, "volunteer", entry->subject);
    field_organisation(out, "employer", unit(posts, entry->starts));
    field_text(out, "region", community(posts, entry->starts));
    field_id(out, "received_by", "clerk:", 3, RECEIVERS_FROM + entry->starts);
    field_date(out, "on", plan_date(posts->people->plan, entry->moment / DAY_S));
}

void post_write(const struct posts *posts, struct output *out, const struct entry *entry) {
    static const char *const types[] = {
        [STEP_PAIRED] = "pairing.agreed",
        [STEP_DEFINED] = "post.defined",
        [STEP_MARKED] = "post.defined",
        [STEP_CLOSED] = "post.closed",
        [STEP_ENDED] = "pairing.ended",
        [STEP_CLAIMED] = "post.claimed",
        [STEP_OFFERED] = "post.claimed",
        [STEP_ACCEPTED] = "post.accepted",
        [STEP_RELEASED] = "post.released",
        [STEP_DONE] = "post.duty_done",
        [STEP_REPORTED_IN] = "party_member.reported_in",
    };
    enum step step = (enum step)entry->activity;
    bool of_people = step >= STEP_CLAIMED;
    event_begin(out, of_people ? SOURCE_PLATFORM : SOURCE_CIVILISATION, types[step], entry->moment);
    if (step == STEP_PAIRED || step == STEP_ENDED)
        field_id(out, "pairing", "pairing:", 3, entry->starts + 1);
    else if (step != STEP_REPORTED_IN)
        field_post(out, entry->starts);
    if (of_people && step != STEP_REPORTED_IN)
        field_volunteer(out, "volunteer", entry->subject);
    switch (step) {
    case STEP_PAIRED:
        pair(posts, out, entry->starts);
        break;
    case STEP_DEFINED:
    case STEP_MARKED:
        define(posts, out, entry->starts, step);
        break;
    case STEP_OFFERED:
        field_text(out, "by", STR("employer"));
        break;
    case STEP_DONE:
        duty(posts, out, entry);
        break;
    case STEP_REPORTED_IN:
        report_in(posts, out, entry);
        break;
    default:
        break;
    }
    event_end(out);
}
