/* The journal: what happened here to whom and what the platform knows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recruitment.h"

#define BATCH 1000
#define CURSOR "follow"
#define RETRY_MS 500
#define RECORDS_PAGE 1000
#define CATCH_UP_SLICE 20

struct wanted {
    const char *ids[BATCH]; /* of records or certificates, each once */
    uint64_t versions[BATCH];
    size_t n;
};

void push_start(struct recruitment *recruitment) {
    struct push *push = &recruitment->push;
    *push = (struct push){.batch = 100};
    /* What was being published at a kill is read once more first; decisions about it wait. */
    push->safe = (uint64_t)database_number(&recruitment->sql, "safe", 0);
    int64_t after = database_number(&recruitment->sql, CURSOR, -1);
    if (after >= 0)
        vol_follow(recruitment->core, (uint64_t)after);
}

void push_safe(struct recruitment *recruitment, uint64_t sequence) {
    if (sequence > recruitment->push.safe)
        recruitment->push.safe = sequence;
    /* Before the first round is through, what a kill cut off may still be unwritten. */
    recruitment->push.all_safe = recruitment->pull.rounded;
}

void push_all_safe(struct recruitment *recruitment) {
    recruitment->push.all_safe = true;
    vol_resume(recruitment->core);
    push_step(recruitment);
}

void push_unsafe(struct recruitment *recruitment) {
    recruitment->push.all_safe = false;
}

/* ---- events ---- */

static const char *member(struct vol_core *core, const struct vol_value *data, const char *name) {
    return vol_text(core, vol_member(core, data, name));
}

static void want(struct wanted *wanted, const char *id, uint64_t version) {
    for (size_t i = 0; id && i < wanted->n; i++)
        if (strcmp(wanted->ids[i], id) == 0) {
            wanted->versions[i] = version;
            return;
        }
    if (!id || wanted->n == BATCH)
        return;
    wanted->ids[wanted->n] = id;
    wanted->versions[wanted->n++] = version;
}

static void note_outcome(struct recruitment *recruitment, const struct vol_value *enrolment,
                         const char *outcome, uint64_t version) {
    struct vol_core *core = recruitment->core;
    char *pair = pair_make(member(core, enrolment, "activity"), member(core, enrolment, "shift"),
                           member(core, enrolment, "volunteer"));
    tell_decision(recruitment, pair, outcome, version);
    free(pair);
}

/* Somebody was registered twice: what the platform knows of the one is of the other from now on. */
static void note_merge(struct recruitment *recruitment, const struct vol_value *data) {
    struct vol_core *core = recruitment->core;
    const char *from = member(core, data, "volunteer"), *into = member(core, data, "into");
    if (!from || !into)
        return;
    sql_run(&recruitment->sql,
            "UPDATE things INDEXED BY things_ours SET ours = ?, linked = 1 WHERE resource = "
            "'registrations' AND ours = ?",
            "ss", into, from);
    sql_run(&recruitment->sql,
            "UPDATE things SET pair = replace(pair, '|' || ?, '|' || ?) WHERE resource = "
            "'enrolments' AND pair LIKE '%|' || ?",
            "sss", from, into, from);
}

static void note_event(struct recruitment *recruitment, const struct vol_event *event,
                       struct wanted *records, struct wanted *certificates) {
    struct vol_core *core = recruitment->core;
    const struct vol_value *data = vol_event_data(core, event);
    if (strncmp(event->type, "enrolment.", 10) == 0)
        note_outcome(recruitment, data, member(core, data, "outcome"), event->sequence);
    else if (strcmp(event->type, "star.changed") == 0)
        tell_stars(recruitment, member(core, data, "volunteer"),
                   vol_integer(core, vol_member(core, data, "to"), 0),
                   member(core, data, "valid_until"), member(core, data, "certificate_number"),
                   event->sequence);
    else if (strncmp(event->type, "service.", 8) == 0)
        want(records, member(core, data, "record"), event->sequence);
    else if (strncmp(event->type, "certificate.", 12) == 0)
        want(certificates, member(core, data, "certificate"), event->sequence);
    else if (strcmp(event->type, "volunteer.merged") == 0)
        note_merge(recruitment, data);
}

/* The state of what was named; false where the daemon did not answer. */
static bool tell_wanted(struct recruitment *recruitment, const char *noun,
                        const struct wanted *wanted,
                        void (*tell)(struct recruitment *, const struct vol_value *, uint64_t)) {
    struct vol_core *core = recruitment->core;
    if (wanted->n == 0)
        return true;
    const struct vol_value *things = vol_get_many(core, noun, wanted->ids, wanted->n);
    if (vol_kind_of(core, things) != VOL_ARRAY)
        return false;
    for (size_t i = 0; i < wanted->n; i++)
        if (vol_kind_of(core, vol_item(core, things, i)) == VOL_OBJECT)
            tell(recruitment, vol_item(core, things, i), wanted->versions[i]);
    return true;
}

static void resume(void *context) {
    vol_resume(((struct recruitment *)context)->core);
}

static bool note_all(struct recruitment *recruitment, const struct vol_event *events, size_t n) {
    static const struct wanted none;
    struct wanted *wanted = calloc(2, sizeof *wanted);
    if (!wanted)
        abort();
    wanted[0] = wanted[1] = none;
    sql_begin(&recruitment->sql);
    for (size_t i = 0; i < n; i++)
        note_event(recruitment, &events[i], &wanted[0], &wanted[1]);
    bool good = tell_wanted(recruitment, "record", &wanted[0], tell_hours) &&
                tell_wanted(recruitment, "certificate", &wanted[1], tell_certificate);
    free(wanted);
    database_number_set(&recruitment->sql, CURSOR, (int64_t)events[n - 1].sequence);
    if (!good) {
        sql_abort(&recruitment->sql);
        return false;
    }
    return sql_commit(&recruitment->sql) == 0;
}

int64_t push_events(void *self, const struct vol_event *events, size_t n_events) {
    struct recruitment *recruitment = self;
    const struct push *push = &recruitment->push;
    size_t n = 0;
    while (n < n_events && n < BATCH && (push->all_safe || events[n].sequence <= push->safe))
        n++;
    if (n == 0)
        return 0; /* a page that is written down brings them again */
    if (!note_all(recruitment, events, n)) {
        vol_timer(recruitment->core, RETRY_MS, 0, resume, recruitment);
        return 0;
    }
    push_step(recruitment);
    return (int64_t)n;
}

/* ---- somebody who became known just now ---- */

static bool push_records(struct recruitment *recruitment, const char *ours, uint64_t version) {
    struct vol_core *core = recruitment->core;
    char *cursor = NULL, *filter = NULL;
    bool good = true;
    json_t *filters = json_pack("{s:s, s:s}", "volunteer", ours, "state", "accepted");
    filter = json_dumps(filters, JSON_COMPACT);
    json_decref(filters);
    do {
        const struct vol_value *page = vol_page(core, "record", filter, cursor, RECORDS_PAGE);
        const struct vol_value *list = vol_member(core, page, "items");
        good = vol_kind_of(core, list) == VOL_ARRAY;
        for (size_t i = 0; i < vol_length(core, list); i++)
            tell_hours(recruitment, vol_item(core, list, i), version);
        const char *next = vol_text(core, vol_member(core, page, "next"));
        free(cursor);
        cursor = next ? strdup(next) : NULL;
    } while (good && cursor);
    free(cursor);
    free(filter);
    return good;
}

/* What was decided about the person's enrolments that are the platform's. */
static bool push_enrolments(struct recruitment *recruitment, const char *ours, uint64_t version) {
    struct vol_core *core = recruitment->core;
    json_t *filters = json_pack("{s:s}", "volunteer", ours);
    char *filter = json_dumps(filters, JSON_COMPACT);
    const struct vol_value *page = vol_page(core, "enrolment", filter, NULL, RECORDS_PAGE);
    const struct vol_value *list = vol_member(core, page, "items");
    json_decref(filters);
    free(filter);
    for (size_t i = 0; i < vol_length(core, list); i++) {
        const struct vol_value *one = vol_item(core, list, i);
        const char *state = member(core, one, "state");
        if (state && (strcmp(state, "accepted") == 0 || strcmp(state, "waitlisted") == 0 ||
                      strcmp(state, "refused") == 0))
            note_outcome(recruitment, one, state, version);
    }
    return vol_kind_of(core, list) == VOL_ARRAY;
}

bool push_person(struct recruitment *recruitment, const char *ours) {
    struct vol_core *core = recruitment->core;
    const struct vol_value *people = vol_get_many(core, "volunteer", &ours, 1);
    const struct vol_value *person = vol_item(core, people, 0);
    uint64_t version = vol_head(core);
    if (vol_kind_of(core, person) != VOL_OBJECT)
        return vol_kind_of(core, people) == VOL_ARRAY; /* nobody, or no answer */
    int64_t stars = vol_integer(core, vol_member(core, person, "stars"), 0);
    if (stars > 0)
        tell_stars(recruitment, ours, stars, NULL, NULL, version ? version : 1);
    return push_records(recruitment, ours, version ? version : 1) &&
           push_enrolments(recruitment, ours, version ? version : 1);
}

/* ---- people who were here before their item was read ---- */

static void catch_up_due(void *context) {
    struct recruitment *recruitment = context;
    recruitment->push.catches_up = false;
    push_catch_up(recruitment);
}

void push_catch_up(struct recruitment *recruitment) {
    char people[CATCH_UP_SLICE][OURS_MOST + 1];
    struct sql_rows rows;
    size_t n = 0;
    bool good = true;
    if (recruitment->push.catches_up)
        return;
    for (sql_ask(&recruitment->sql, &rows, "SELECT ours FROM catch_up LIMIT ?", "i",
                 (int64_t)CATCH_UP_SLICE);
         sql_next(&rows) && n < CATCH_UP_SLICE; n++)
        snprintf(people[n], sizeof people[n], "%s", sql_text(&rows, 0));
    sql_end(&rows);
    if (n == 0)
        return;
    sql_begin(&recruitment->sql);
    for (size_t i = 0; good && i < n; i++) {
        good = push_person(recruitment, people[i]);
        sql_run(&recruitment->sql, "DELETE FROM catch_up WHERE ours = ?", "s", people[i]);
    }
    if (good)
        good = sql_commit(&recruitment->sql) == 0;
    else
        sql_abort(&recruitment->sql);
    push_step(recruitment);
    recruitment->push.catches_up = true;
    vol_timer(recruitment->core, good ? 1 : RETRY_MS, 0, catch_up_due, recruitment);
}
