/* Assessments: every region and organisation that is assessed, indicator by indicator. They are
 * few, and each answer is long: one thread. */
#include "domain/assessments.h"

#include "domain/organisations.h"
#include "simulation/json.h"

#define CHANGES_LIMIT 1000

struct changes {
    struct diff *diff;
    struct diff_worker *worker;
    json_t *list;
    json_t *indicators; /* by id: {"indicator", "title", "from": {state: n}, "to": {state: n}} */
    uint64_t judged;
    uint64_t changed; /* indicators */
    uint64_t better;
    uint64_t worse;
};

static json_t *subject_json(struct diff_worker *worker, const struct assessed *assessed) {
    bool region = assessed->noun == NOUN_REGION;
    struct thing thing;
    json_t *object = json_pack("{s:s, s:o}", "kind", region ? "region" : "organisation", "id",
                               diff_json_id(worker, assessed->noun, assessed->number));
    if (thing_get(worker->view, assessed->noun, assessed->number, &worker->arena, &thing) != 0)
        return object;
    struct str name = region ? ((const struct region_defined *)thing.attributes)->name
                             : ((const struct organisation_defined *)thing.attributes)->name;
    json_object_set_new(object, "name", diff_json_text(name));
    return object;
}

/* What one side says: indicators by id, the first policy by name has it. */
static int ask_side(struct changes *changes, const struct assessed *assessed, enum side side,
                    json_t *ret_by_id) {
    struct diff_worker *worker = changes->worker;
    struct answer *answers;
    size_t n;
    int r = policy_assess(worker->hosts[side], worker->view, &changes->diff->city, assessed->noun,
                          assessed->number, changes->diff->plan->as_of, COUNTER_NOW,
                          CAUSE_ON_DEMAND, STR_NONE, &worker->arena, &answers, &n);
    for (size_t i = 0; r == 0 && i < n; i++) {
        size_t k;
        json_t *indicator;
        const struct answer *answer = &answers[i];
        if (answer->failed)
            tally_failure(&worker->tally, side, assessed->number, answer->failure);
        json_t *list = json_loadb(answer->json.data, answer->json.size, 0, NULL);
        json_array_foreach(list, k, indicator) {
            const char *id = json_string_value(json_object_get(indicator, "id"));
            if (id && !json_object_get(ret_by_id, id))
                json_object_set(ret_by_id, id, indicator);
        }
        json_decref(list);
    }
    return r;
}

static const char *state_of(const json_t *indicator) {
    const char *state = json_string_value(json_object_get(indicator, "state"));
    return state ? state : "none";
}

static void count_state(json_t *totals, const char *side, const char *state) {
    json_t *counts = json_object_get(totals, side);
    json_int_t n = json_integer_value(json_object_get(counts, state));
    json_object_set_new(counts, state, json_integer(n + 1));
}

/* "met" is better than anything else. */
static int direction_of(const char *from, const char *to) {
    bool met_before = strcmp(from, "met") == 0, met_after = strcmp(to, "met") == 0;
    return met_after - met_before;
}

static void note_change(struct changes *changes, const struct assessed *assessed, const char *id,
                        const json_t *from, const json_t *to) {
    json_t *totals = json_object_get(changes->indicators, id);
    const json_t *title = json_object_get(to ? to : from, "title");
    if (!totals) {
        totals =
            json_pack("{s:s, s:O?, s:{}, s:{}}", "indicator", id, "title", title, "from", "to");
        json_object_set_new(changes->indicators, id, totals);
    }
    count_state(totals, "from", state_of(from));
    count_state(totals, "to", state_of(to));
    if (strcmp(state_of(from), state_of(to)) == 0)
        return;
    int direction = direction_of(state_of(from), state_of(to));
    changes->changed++;
    changes->better += direction > 0;
    changes->worse += direction < 0;
    if (json_array_size(changes->list) < CHANGES_LIMIT)
        json_array_append_new(changes->list,
                              json_pack("{s:o, s:s, s:O?, s:O?, s:O?}", "subject",
                                        subject_json(changes->worker, assessed), "indicator", id,
                                        "title", title, "from", from, "to", to));
}

static void compare_indicators(struct changes *changes, const struct assessed *assessed,
                               json_t *before, json_t *after) {
    const char *id;
    json_t *indicator;
    json_object_foreach(before, id, indicator) {
        note_change(changes, assessed, id, indicator, json_object_get(after, id));
    }
    json_object_foreach(after, id, indicator) {
        if (!json_object_get(before, id))
            note_change(changes, assessed, id, NULL, indicator);
    }
}

/* Where it lies decides whether it is in scope. */
static int region_of(struct diff_worker *worker, const struct assessed *assessed,
                     uint32_t *ret_region) {
    struct organisation_row organisation;
    *ret_region = assessed->number;
    if (assessed->noun == NOUN_REGION)
        return 0;
    int r = organisation_get(worker->view, assessed->number, &organisation);
    *ret_region = r == 0 ? organisation.region : 0;
    return r == 0 && organisation.state != ORGANISATION_ACTIVE ? 1 : r;
}

static int compare_one(struct changes *changes, uint32_t n) {
    struct diff_worker *worker = changes->worker;
    struct assessed assessed;
    uint32_t region = 0;
    int r = assessed_get(worker->view, n, &assessed);
    if (r == 0)
        r = region_of(worker, &assessed, &region);
    if (r != 0 || diff_group_of(&changes->diff->places, region) == NO_GROUP)
        return r < 0 ? r : 0;
    json_t *sides[SIDES] = {json_object(), json_object()};
    for (enum side side = BEFORE; r == 0 && side < SIDES; side++)
        r = ask_side(changes, &assessed, side, sides[side]);
    if (r == 0)
        compare_indicators(changes, &assessed, sides[BEFORE], sides[AFTER]);
    json_decref(sides[BEFORE]);
    json_decref(sides[AFTER]);
    changes->judged++;
    return r;
}

static json_t *values_of(json_t *object) {
    const char *name;
    json_t *value, *list = json_array();
    json_object_foreach(object, name, value) {
        json_array_append(list, value);
    }
    json_decref(object);
    return list;
}

int diff_assessments(struct diff *diff, struct diff_worker *worker, json_t **ret_document) {
    struct changes changes = {
        .diff = diff, .worker = worker, .list = json_array(), .indicators = json_object()};
    int r = 0;
    for (uint32_t n = 1; r == 0 && n <= diff->n && !diff_is_late(diff); n++) {
        arena_reset(&worker->arena);
        r = compare_one(&changes, n);
        if (n % 16 == 0)
            diff->plan->progress(diff->plan->context, n, diff->n);
    }
    json_t *document = diff_head(diff, worker, changes.judged);
    json_object_set_new(document, "changed", json_integer((json_int_t)changes.changed));
    json_object_set_new(document, "better", json_integer((json_int_t)changes.better));
    json_object_set_new(document, "worse", json_integer((json_int_t)changes.worse));
    json_object_set_new(document, "indicators", values_of(changes.indicators));
    json_object_set_new(document, "changes", changes.list);
    diff_put_failures(document, &worker->tally);
    diff_finish(diff, document);
    *ret_document = document;
    return r;
}
