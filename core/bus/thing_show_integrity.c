/* Appeals, and what is shown of second looks at records: who judged, what signals asked, what was
 * answered. */
#include "bus/methods_common.h"
#include "bus/methods_integrity.h"
#include "bus/thing_show.h"
#include "domain/appeals.h"
#include "domain/record_checks.h"
#include "domain/verdicts.h"

/* ---- appeals ---- */

const char *const appeal_states[2] = {[APPEAL_FILED] = "filed", [APPEAL_SETTLED] = "settled"};

int show_appeal(struct query *query, uint32_t number, const struct thing *thing,
                struct arena *arena, json_t *object) {
    struct appeal appeal;
    (void)thing;
    int r = appeal_get(query->view, number, &appeal);
    if (r != 0)
        return r;
    const struct appeal_row *row = &appeal.row;
    json_object_set_new(object, "volunteer",
                        json_from_number(query, NOUN_VOLUNTEER, row->volunteer, arena));
    json_object_set_new(object, "decided_on", json_from_date(row->decided_on, 0));
    json_object_set_new(object, "against", json_integer((json_int_t)row->against));
    if (appeal.against_by.size)
        json_object_set_new(object, "decided_by", json_from_str(appeal.against_by));
    json_object_set_new(object, "appeal_until", json_from_date(row->until, 0));
    json_object_set_new(object, "filed_on", json_from_date(row->filed_on, 0));
    if (row->settled_on) {
        unsigned outcome = row->state - (unsigned)APPEAL_SETTLED;
        json_object_set_new(object, "outcome", json_string(APPEAL_OUTCOME_choices.words[outcome]));
        json_object_set_new(object, "undone", json_boolean(row->undone));
        json_object_set_new(object, "settled_by", json_from_str(appeal.settled_by));
        json_object_set_new(object, "settled_on", json_from_date(row->settled_on, 0));
    }
    return 0;
}

int put_appeal(struct query *query, enum noun noun, uint32_t number, struct arena *arena,
               json_t *object) {
    uint32_t appeal;
    int r = appeal_newest(query->view, noun, number, &appeal);
    if (r == 0 && appeal)
        json_object_set_new(object, "appeal", json_from_number(query, NOUN_APPEAL, appeal, arena));
    return r;
}

/* ---- records ---- */

static json_t *signals_json(unsigned signals) {
    json_t *list = json_array();
    for (unsigned signal = 0; signal < SIGNAL_COUNT; signal++)
        if (signals >> signal & 1)
            json_array_append_new(list, json_string(SIGNAL_choices.words[signal]));
    return list;
}

static json_t *check_json(const struct record_check *check) {
    const struct check_row *row = &check->row;
    json_t *object = json_pack("{s:s, s:o, s:o, s:o}", "state", record_check_state(row), "signals",
                               signals_json(row->raised), "open", signals_json(row->open),
                               "asked_on", json_from_date(row->asked_on, 0));
    if (row->answer) {
        json_object_set_new(object, "answer",
                            json_string(REVIEW_ANSWER_choices.words[row->answer - 1]));
        json_object_set_new(object, "answered_by", json_from_str(check->by));
        json_object_set_new(object, "answered_on", json_from_date(row->answered_on, 0));
    }
    return object;
}

int put_check(struct query *query, uint32_t record, json_t *object) {
    struct record_check check;
    int r = record_check_get(query->view, record, &check);
    if (r == 0)
        json_object_set_new(object, "check", check_json(&check));
    return r < 0 ? r : 0;
}

int put_verdict(struct query *query, uint32_t record, json_t *object) {
    struct verdict verdict;
    int r = verdict_get(query->view, record, &verdict);
    if (r != 0)
        return r < 0 ? r : 0;
    int64_t at_us = verdict.row.at_s * MICROSECONDS;
    json_object_set_new(object, "judged_at", json_from_time(query, at_us));
    if (verdict.by.size)
        json_object_set_new(object, "judged_by", json_from_str(verdict.by));
    const char *state = json_string_value(json_object_get(object, "state"));
    if (state && (strcmp(state, "refused") == 0 || strcmp(state, "revoked") == 0))
        json_object_set_new(
            object, "appeal_until",
            json_from_date(appeal_last_day(0, zone_date(&query->city.zone, at_us)), 0));
    return 0;
}
