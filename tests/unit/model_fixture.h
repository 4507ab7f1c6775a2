/* A plain model of the city: people, records, activities, and the rules as they are in force,
 * judged by itself. */
#pragma once

#include "engine_fixture.h"

#include "domain/counters.h"
#include "domain/records.h"
#include "domain/runs.h"

#define BATCH 8
#define PEOPLE 8
#define RECORDS 160
#define ACTIVITIES 10
#define IDENTITIES 8
#define REVISIONS 24
#define DAY_MINUTES 1440
#define OFFSET_MINUTES 480

enum { CITY, COUNTY_1, COUNTY_2, TOWNSHIP, REGIONS };
static const char *const region_codes[REGIONS] = {"620500000000", "620502000000", "620503000000",
                                                  "620502001000"};
static const int region_parents[REGIONS] = {-1, CITY, CITY, COUNTY_1};
static const char *const region_levels[REGIONS] = {"city", "county", "county", "township"};

struct model_person {
    bool exists;
    enum volunteer_state state;
    int region;
    int organisation; /* employer: 0 none, 1, 2 */
    bool in_service;
    int born; /* 0: not known */
    int identity;
    int stars;
    int granted_by;       /* revision; of stars only */
    int32_t withdrawn_on; /* or died */
};

struct model_record {
    bool exists;
    enum record_state state;
    int person, region, organisation, category, clerk;
    int64_t starts; /* minutes */
    int64_t span, claimed, credited;
    int corrected, revoked; /* times while it counted */
};

struct model_activity {
    bool exists, cancelled, closed, rural;
    int region;
    int month; /* of 2018 */
};

struct model_revision {
    bool in_force;
    enum POLICY_KIND_choice kind;
    int variant;
};

struct model {
    struct machine *machine;
    uint64_t random;
    struct model_person people[PEOPLE];
    struct model_record records[RECORDS];
    struct model_activity activities[ACTIVITIES];
    int holders[IDENTITIES]; /* person + 1 */
    struct model_revision revisions[REVISIONS];
    int n_revisions;
    int n_records;
    bool has_snapshot;
    bool must_wait; /* a run began */
    unsigned n_ids;
    /* The message being made. */
    size_t n;
    struct buf texts[BATCH];
    enum problem_code expected[BATCH];
    bool duplicate[BATCH];
    int outcomes[BATCH]; /* of service.decided, -1: none */
    char last[8192];     /* the last stored event that a publisher may send again */
};

static unsigned pick(struct model *model, unsigned n) {
    model->random = model->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(model->random >> 33) % n;
}

static int32_t day_of(int64_t minute) {
    return (int32_t)((minute + OFFSET_MINUTES) / DAY_MINUTES);
}

static int64_t now_minute(const struct model *model) {
    return model->machine->io.time_us / MICROSECONDS / 60;
}

/* ---- the rules, and what they mean ---- */

/* $ stands for the variant, 0 to 2. */
static const char *const rules[] = {
    [POLICY_KIND_ACCEPTANCE] =
        "return { name = 'acceptance', kind = 'acceptance', title = 't', parameters = { "
        "['2010-01-01'] = {} }, decide = function(record) local m = record.minutes if m % 11 == $ "
        "then return 'refused' end if m % 7 == $ or #record.overlaps > 0 then return 'held', m end "
        "return 'accepted', m + 45 * $ end, cases = {} }",
    [POLICY_KIND_STAR_RATING] =
        "return { name = 'star_rating', kind = 'star_rating', title = 't', parameters = { "
        "['2010-01-01'] = {} }, decide = function(volunteer) return math.min(5, "
        "volunteer:minutes{} // (600 + 300 * $)) end, cases = {} }",
    [POLICY_KIND_REGISTRATION] =
        "return { name = 'registration', kind = 'registration', title = 't', parameters = { "
        "['2010-01-01'] = {} }, decide = function(volunteer) local b = volunteer.born if not b "
        "then return 'held' end if b > '20$$-02' then return 'refused' end return 'accepted' end, "
        "cases = {} }",
};

static void put_rule(struct buf *text, const struct model_revision *revision) {
    struct buf rule = {0};
    for (const char *next = rules[revision->kind]; *next; next++)
        buf_put_byte(&rule, (uint8_t)(*next == '$' ? '0' + revision->variant : *next));
    buf_json_string(text, buf_str(&rule));
    buf_deinit(&rule);
}

/* The revision in force, or -1. */
static int revision_in_force(const struct model *model, enum POLICY_KIND_choice kind) {
    for (int i = model->n_revisions; i > 0; i--)
        if (model->revisions[i - 1].in_force && model->revisions[i - 1].kind == kind)
            return i - 1;
    return -1;
}

/* Its variant, or -1. */
static int in_force(const struct model *model, enum POLICY_KIND_choice kind) {
    int i = revision_in_force(model, kind);
    return i < 0 ? -1 : model->revisions[i].variant;
}

static bool stands(const struct model_record *record) {
    return record->exists && record->state != RECORD_REFUSED && record->state != RECORD_REVOKED;
}

static bool overlaps(const struct model *model, const struct model_record *record) {
    for (int i = 0; i < model->n_records; i++) {
        const struct model_record *other = &model->records[i];
        if (other != record && stands(other) && other->person == record->person &&
            other->starts < record->starts + record->span &&
            record->starts < other->starts + other->span)
            return true;
    }
    return false;
}

static int64_t total(const struct model *model, int person) {
    int64_t minutes = 0;
    for (int i = 0; i < model->n_records; i++)
        if (model->records[i].person == person && model->records[i].state == RECORD_ACCEPTED)
            minutes += model->records[i].credited;
    return minutes;
}

static int stars_by(const struct model *model, int person, int revision) {
    int64_t stars = total(model, person) / (600 + 300 * model->revisions[revision].variant);
    return stars > 5 ? 5 : (int)stars;
}

/* What another revision granted is kept as long as it would still grant it; one that was set aside
 * is not asked. */
static void rate(struct model *model, int person) {
    struct model_person *rated = &model->people[person];
    int by = revision_in_force(model, POLICY_KIND_STAR_RATING), before = rated->granted_by;
    if (by < 0)
        return;
    int stars = stars_by(model, person, by), kept = 0;
    if (stars < rated->stars && by != before)
        kept = model->revisions[before].in_force ? stars_by(model, person, before) : rated->stars;
    kept = kept < rated->stars ? kept : rated->stars;
    if ((kept > stars ? kept : stars) != rated->stars)
        rated->granted_by = kept > stars ? before : by;
    rated->stars = kept > stars ? kept : stars;
}

static int accept(struct model *model, struct model_record *record) {
    int variant = in_force(model, POLICY_KIND_ACCEPTANCE);
    record->state = RECORD_PENDING;
    if (variant < 0) {
        record->state = RECORD_HELD;
        record->credited = record->claimed;
    } else if (record->claimed % 11 == variant) {
        record->state = RECORD_REFUSED;
        record->credited = 0;
    } else if (record->claimed % 7 == variant || overlaps(model, record)) {
        record->state = RECORD_HELD;
        record->credited = record->claimed;
    } else {
        record->state = RECORD_ACCEPTED;
        record->credited = record->claimed + 45 * variant;
    }
    rate(model, record->person);
    return record->state == RECORD_ACCEPTED ? OUTCOME_ACCEPTED
           : record->state == RECORD_HELD   ? OUTCOME_HELD
                                            : OUTCOME_REFUSED;
}

/* PROBLEM_NONE with the state, or policy_refused. */
static enum problem_code judge_person(const struct model *model, struct model_person *person) {
    int variant = in_force(model, POLICY_KIND_REGISTRATION);
    if (variant < 0)
        return PROBLEM_NONE;
    if (person->born > 2000 + 11 * variant)
        return PROBLEM_POLICY_REFUSED;
    person->state = person->born ? VOLUNTEER_REGISTERED : VOLUNTEER_HELD;
    return PROBLEM_NONE;
}
