#include "titles.h"

#include <stdlib.h>

#include "random.h"
#include "util/calendar.h"

#define UNITS_PER_1000 340u /* of employers */
#define COMMUNITIES_PER_1000 170u
#define TOWNS_PER_1000 110u
#define NEW_PER_1000 60u
#define REVIEWED_PER_1000 200u
#define WITHDRAWN_INDEX 3u /* the unit that fails its review */

enum step { STEP_AWARDED, STEP_REVIEWED, STEP_WITHDRAWN };
enum outcome { OUTCOME_PASSED, OUTCOME_RECTIFY, OUTCOME_FAILED };

static const char *const kinds[] = {"unit", "community", "village_town", "city"};
static const char *const levels[] = {"county", "municipal", "provincial", "national"};
static const char *const outcomes[] = {"passed", "rectify", "failed"};

static uint8_t draw_level(struct random *random) {
    uint32_t draw = random_below(random, 100);
    return draw < 34   ? TITLE_COUNTY
           : draw < 74 ? TITLE_MUNICIPAL
           : draw < 93 ? TITLE_PROVINCIAL
                       : TITLE_NATIONAL;
}

static uint8_t draw_outcome(struct random *random) {
    uint32_t draw = random_below(random, 100);
    return draw < 85 ? OUTCOME_PASSED : OUTCOME_RECTIFY;
}

static void draw_days(const struct titles *titles, struct title *title, struct random *random) {
    const struct plan *plan = titles->plan;
    int32_t year, month, day;
    date_to_civil(plan_date(plan, 0), &year, &month, &day);
    title->on = date_from_civil(year - (int32_t)random_between(random, 1, 8),
                                (int32_t)random_between(random, 1, 12), 20);
    if (random_chance(random, NEW_PER_1000)) {
        title->awarded = SETUP_DAYS + random_between(random, 60, 150);
        title->on = plan_date(plan, title->awarded);
    } else if (random_chance(random, REVIEWED_PER_1000)) {
        title->reviewed = SETUP_DAYS + random_between(random, 140, 190);
        title->outcome = draw_outcome(random);
    }
}

static void add(struct titles *titles, enum title_kind kind, uint32_t subject, bool has_people,
                struct random *random) {
    struct title *title = &titles->items[titles->n];
    *title = (struct title){.subject = subject, .kind = (uint8_t)kind};
    title->level = has_people ? draw_level(random) : TITLE_COUNTY;
    draw_days(titles, title, random);
    if (titles->n++ == WITHDRAWN_INDEX && kind == TITLE_UNIT) {
        title->awarded = 0;
        title->on = plan_date(titles->plan, 0) - 2000;
        title->reviewed = SETUP_DAYS + 150;
        title->outcome = OUTCOME_FAILED;
        title->withdrawn = SETUP_DAYS + 172;
    }
    if (kind == TITLE_UNIT)
        titles->of_organisation[subject] = title->level + 1;
}

/* A unit none of whose staff is registered has at most a title of its county. */
static void add_units(struct titles *titles, const struct people *people) {
    const struct organisations *organisations = people->organisations;
    for (uint32_t i = 0; i < organisations->n_employers; i++) {
        uint32_t organisation = organisations->employers[i];
        struct random random = random_for(titles->plan->seed, STREAM_TITLE, organisation);
        if (random_chance(&random, UNITS_PER_1000))
            add(titles, TITLE_UNIT, organisation, people->of_employer[organisation] > 0, &random);
    }
}

static void add_places(struct titles *titles) {
    const struct regions *regions = titles->regions;
    for (uint32_t i = 0; i < regions->n; i++) {
        const struct region *region = &regions->items[i];
        struct random random = random_for(titles->plan->seed, STREAM_TITLE, UINT32_MAX + 1ull + i);
        if (region_is_residents_committee(region) && random_chance(&random, COMMUNITIES_PER_1000))
            add(titles, TITLE_COMMUNITY, i, true, &random);
        else if (region->level == 4 && random_chance(&random, TOWNS_PER_1000))
            add(titles, TITLE_VILLAGE_TOWN, i, true, &random);
    }
    titles->items[titles->n++] = (struct title){
        .kind = TITLE_CITY, .level = TITLE_PROVINCIAL, .on = plan_date(titles->plan, 0) - 900};
}

void titles_init(struct titles *titles, const struct people *people) {
    uint32_t most = people->organisations->n_employers + people->regions->n + 1;
    *titles = (struct titles){.plan = people->plan,
                              .regions = people->regions,
                              .items = calloc(most, sizeof(*titles->items)),
                              .of_organisation = calloc(people->organisations->n, 1)};
    if (!titles->items || !titles->of_organisation)
        abort();
    add_units(titles, people);
    add_places(titles);
}

void titles_deinit(struct titles *titles) {
    free(titles->items);
    free(titles->of_organisation);
    *titles = (struct titles){0};
}

static void write(const struct titles *titles, struct output *out, const struct title *title,
                  enum step step, int32_t on, uint32_t moment) {
    static const char *const types[] = {"civilised_title.awarded", "civilised_title.reviewed",
                                        "civilised_title.withdrawn"};
    event_begin(out, SOURCE_CIVILISATION, types[step], moment);
    field_subject(out, title->kind == TITLE_UNIT ? "organisation" : "region");
    if (title->kind == TITLE_UNIT)
        field_organisation(out, "id", title->subject);
    else
        field_text(out, "id", titles->regions->items[title->subject].code);
    object_end(out);
    field_text(out, "title", str_from(kinds[title->kind]));
    field_text(out, "level", str_from(levels[title->level]));
    field_date(out, "on", on);
    field_text(out, "document", STR("doc-civilised-titles"));
    if (step == STEP_REVIEWED)
        field_text(out, "outcome", str_from(outcomes[title->outcome]));
    event_end(out);
}

uint32_t titles_held_before(const struct titles *titles) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < titles->n; i++)
        n += !titles->items[i].awarded;
    return n;
}

uint32_t titles_award(const struct titles *titles, struct output *out, uint32_t moment,
                      uint32_t gap) {
    for (uint32_t i = 0; i < titles->n; i++) {
        const struct title *title = &titles->items[i];
        if (title->awarded)
            continue;
        write(titles, out, title, STEP_AWARDED, title->on, moment);
        moment += gap;
    }
    return moment;
}

void titles_plan_day(const struct titles *titles, struct schedule *schedule, uint32_t day) {
    for (uint32_t i = 0; i < titles->n; i++) {
        const struct title *title = &titles->items[i];
        const uint32_t days[] = {title->awarded, title->reviewed, title->withdrawn};
        for (uint32_t step = 0; step < 3; step++)
            if (days[step] == day)
                schedule_add(schedule,
                             &(struct entry){.moment = day * DAY_S + 10 * HOUR_S + i % HOUR_S,
                                             .kind = ENTRY_TITLE,
                                             .subject = i,
                                             .activity = step});
    }
}

void title_write(const struct titles *titles, struct output *out, const struct entry *entry) {
    write(titles, out, &titles->items[entry->subject], (enum step)entry->activity,
          plan_date(titles->plan, entry->moment / DAY_S), entry->moment);
}
