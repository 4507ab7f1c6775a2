/* Campaigns, notices, tasks, commitments: what was asked of whom, by when, and what came of it. */
#include "bus/campaign_sums.h"
#include "bus/methods_common.h"
#include "bus/thing_show.h"
#include "domain/commitments.h"
#include "domain/notices.h"
#include "domain/organisations.h"
#include "domain/tasks.h"

static void put_days_over(struct query *query, json_t *object, int32_t due) {
    json_object_set_new(object, "days_overdue", json_integer(query_today(query) - due));
}

/* Who answers today for what a dissolved organisation was to do. */
static int put_successor(struct query *query, uint32_t organisation, struct arena *arena,
                         json_t *object) {
    uint32_t successor;
    int r = organisation_successor(query->view, organisation, &successor);
    if (r == 0 && successor && successor != organisation)
        json_object_set_new(object, "successor",
                            json_from_number(query, NOUN_ORGANISATION, successor, arena));
    return r;
}

/* ---- campaigns ---- */

const char *const campaign_states[2] = {
    [CAMPAIGN_LAUNCHED] = "launched",
    [CAMPAIGN_CLOSED] = "closed",
};

/* Its regions go by the codes they have now. */
int show_campaign(struct query *query, uint32_t number, const struct thing *thing,
                  struct arena *arena, json_t *object) {
    const struct campaign_launched *campaign = thing->attributes;
    const struct str *ids = campaign->regions.items;
    struct campaign_row row;
    json_t *regions = json_array();
    int r = campaign_get(query->view, number, &row);
    for (size_t i = 0; r == 0 && i < campaign->regions.n; i++) {
        uint32_t region;
        r = thing_find(query->view, NOUN_REGION, ids[i], &region);
        if (r == 0)
            json_array_append_new(regions, json_from_number(query, NOUN_REGION, region, arena));
    }
    json_object_set_new(object, "regions", regions);
    if (r == 0)
        json_put_date(object, "closed_on", row.closed_on);
    return r;
}

int show_campaign_whole(struct query *query, uint32_t number, const struct thing *thing,
                        struct arena *arena, json_t *object) {
    struct campaign_sums sums;
    (void)thing;
    (void)arena;
    int r = campaign_sums(query, number, &sums);
    if (r != 0)
        return r;
    const struct campaign_sum *sum = &sums.by_campaign[number];
    json_object_set_new(object, "activities", json_integer(sum->activities));
    json_object_set_new(object, "records", json_integer(sum->records));
    json_object_set_new(object, "minutes", json_integer(sum->minutes));
    for (size_t i = 0; i < CAMPAIGN_FIGURES; i++)
        json_object_set_new(object, counter_name((enum counter)(COUNTER_notices_to + i)),
                            json_integer(sum->figures.value[i]));
    return 0;
}

/* ---- notices ---- */

/* Somebody has not given a receipt, though the day for it is over or not; or all have. */
enum { NOTICE_OPEN, NOTICE_OVERDUE, NOTICE_COMPLETE };
const char *const notice_states[3] = {
    [NOTICE_OPEN] = "open",
    [NOTICE_OVERDUE] = "overdue",
    [NOTICE_COMPLETE] = "complete",
};

int notice_state(struct query *query, uint32_t number, const struct thing *thing,
                 unsigned *ret_state) {
    struct notice_row row;
    (void)thing;
    int r = notice_row_get(query->view, number, &row);
    if (r != 0)
        return r < 0 ? r : query_found(r);
    *ret_state = row.n_received == row.n_to                      ? NOTICE_COMPLETE
                 : row.due_on && row.due_on < query_today(query) ? NOTICE_OVERDUE
                                                                 : NOTICE_OPEN;
    return 0;
}

int show_notice(struct query *query, uint32_t number, const struct thing *thing,
                struct arena *arena, json_t *object) {
    struct notice_row row;
    (void)thing;
    (void)arena;
    int r = notice_row_get(query->view, number, &row);
    if (r != 0)
        return r;
    json_put_date(object, "issued_on", row.issued_on);
    json_object_set_new(object, "addressees", json_integer(row.n_to));
    json_object_set_new(object, "received", json_integer(row.n_received));
    json_object_set_new(object, "late", json_integer(row.n_late));
    return 0;
}

/* ---- tasks ---- */

const char *const task_states[5] = {
    [TASK_ASSIGNED] = "assigned", [TASK_REPORTED] = "reported", [TASK_ACCEPTED] = "accepted",
    [TASK_RETURNED] = "returned", [TASK_STATES] = "overdue",
};

int task_state(struct query *query, uint32_t number, const struct thing *thing,
               unsigned *ret_state) {
    struct task_row row;
    (void)thing;
    int r = task_get(query->view, number, &row);
    if (r != 0)
        return query_found(r);
    *ret_state = task_is_overdue(&row) ? TASK_STATES : row.state;
    return 0;
}

int task_region(struct query *query, uint32_t number, const struct thing *thing,
                uint32_t *ret_region) {
    struct task_row row;
    (void)thing;
    int r = task_get(query->view, number, &row);
    if (r == 0)
        *ret_region = row.region;
    return r;
}

static int put_measure(struct query *query, const struct task_assigned *task,
                       const struct task_row *row, json_t *object) {
    int64_t value = 0;
    if (!HAS(task, task_assigned, measure))
        return 0;
    int r = measure_now(query, (enum MEASURE_choice)task->measure, task->due, NOUN_ORGANISATION,
                        row->organisation, &value);
    if (r != 0)
        return r;
    json_object_set_new(object, "value", json_integer(value));
    if (HAS(task, task_assigned, target))
        json_object_set_new(object, "reached", json_boolean(value >= task->target));
    return 0;
}

int show_task(struct query *query, uint32_t number, const struct thing *thing, struct arena *arena,
              json_t *object) {
    struct task_row row;
    int r = task_get(query->view, number, &row);
    if (r != 0)
        return r;
    if (row.campaign)
        json_object_set_new(object, "campaign",
                            json_from_number(query, NOUN_CAMPAIGN, row.campaign, arena));
    json_put_date(object, "assigned_on", row.assigned_on);
    json_put_date(object, "reported_on", row.reported_on);
    if (row.reported_on)
        json_object_set_new(object, "late", json_boolean(row.late));
    if (row.judged_on)
        json_put_date(object, row.state == TASK_ACCEPTED ? "accepted_on" : "returned_on",
                      row.judged_on);
    if (row.n_returned)
        json_object_set_new(object, "times_returned", json_integer(row.n_returned));
    json_put_date(object, "overdue_on", row.overdue_on);
    if (task_is_overdue(&row))
        put_days_over(query, object, row.due_on);
    r = put_measure(query, thing->attributes, &row, object);
    return r == 0 ? put_successor(query, row.organisation, arena, object) : r;
}

static void put_text(json_t *object, const char *name, struct str text) {
    if (text.size)
        json_object_set_new(object, name, json_from_str(text));
}

int show_task_whole(struct query *query, uint32_t number, const struct thing *thing,
                    struct arena *arena, json_t *object) {
    struct task_row row;
    json_t *steps = json_array();
    (void)thing;
    (void)arena;
    int r = task_get(query->view, number, &row);
    json_object_set_new(object, "steps", steps);
    for (uint32_t n = 1; r == 0 && n <= row.n_steps; n++) {
        struct task_step step;
        r = task_step_get(query->view, number, n, &step);
        if (r != 0)
            break;
        json_t *item = json_pack("{s:s, s:o, s:o}", "step", task_state_text(step.kind), "on",
                                 json_from_date(step.on, 0), "by", json_from_str(step.by));
        put_text(item, "note", step.note);
        put_text(item, "digest", step.digest);
        put_text(item, "uri", step.uri);
        json_object_set_new(item, "sequence", json_integer((json_int_t)step.sequence));
        json_array_append_new(steps, item);
    }
    return r;
}

/* ---- commitments ---- */

const char *const commitment_states[3] = {
    [COMMITMENT_MADE] = "made",
    [COMMITMENT_KEPT] = "kept",
    [COMMITMENT_STATES] = "overdue",
};

int commitment_state(struct query *query, uint32_t number, const struct thing *thing,
                     unsigned *ret_state) {
    struct commitment commitment;
    (void)thing;
    int r = commitment_get(query->view, number, &commitment);
    if (r != 0)
        return query_found(r);
    *ret_state = commitment_is_overdue(&commitment.row) ? COMMITMENT_STATES : commitment.row.state;
    return 0;
}

int commitment_region(struct query *query, uint32_t number, const struct thing *thing,
                      uint32_t *ret_region) {
    struct commitment commitment;
    (void)thing;
    int r = commitment_get(query->view, number, &commitment);
    if (r == 0)
        *ret_region = commitment.row.region;
    return r;
}

int show_commitment(struct query *query, uint32_t number, const struct thing *thing,
                    struct arena *arena, json_t *object) {
    struct commitment commitment;
    (void)thing;
    int r = commitment_get(query->view, number, &commitment);
    if (r != 0)
        return r;
    const struct commitment_row *row = &commitment.row;
    json_object_set_new(object, "subject",
                        json_from_subject(query, (enum noun)row->noun, row->subject, arena));
    json_put_date(object, "made_on", row->made_on);
    json_put_date(object, "kept_on", row->kept_on);
    if (row->kept_on) {
        json_object_set_new(object, "late", json_boolean(commitment_is_late(row)));
        json_object_set_new(object, "evidence",
                            json_pack("{s:o, s:o, s:o}", "digest", json_from_str(commitment.digest),
                                      "uri", json_from_str(commitment.uri), "note",
                                      json_from_str(commitment.note)));
    }
    json_put_date(object, "overdue_on", row->overdue_on);
    if (commitment_is_overdue(row))
        put_days_over(query, object, row->due_on);
    uint32_t organisation = commitment_organisation(row);
    return organisation ? put_successor(query, organisation, arena, object) : 0;
}
