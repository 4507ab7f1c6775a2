/* Needs, and the people served: what became of a need; who comes to see somebody, how often, when
 * last and when next. What is sealed of either is only named. */
#include "bus/methods_common.h"
#include "bus/thing_show.h"
#include "domain/beneficiaries.h"
#include "domain/needs.h"

/* ---- needs ---- */

const char *const need_states[4] = {
    [NEED_FILED] = "filed",
    [NEED_MATCHED] = "matched",
    [NEED_REFERRED] = "referred",
    [NEED_CLOSED] = "closed",
};

static int32_t days_open(struct query *query, const struct need_row *row) {
    int32_t until = row->closed_on ? row->closed_on : query_today(query);
    return until > row->filed_on ? until - row->filed_on : 0;
}

int show_need(struct query *query, uint32_t number, const struct thing *thing, struct arena *arena,
              json_t *object) {
    struct need need;
    (void)thing;
    int r = need_get(query->view, number, &need);
    if (r != 0)
        return r;
    const struct need_row *row = &need.row;
    json_object_set_new(object, "filed_on", json_from_date(row->filed_on, 0));
    json_object_set_new(object, "days_open", json_integer(days_open(query, row)));
    if (row->activity)
        json_object_set_new(object, "activity",
                            json_from_number(query, NOUN_ACTIVITY, row->activity, arena));
    if (row->matched_on)
        json_object_set_new(object, "matched_on", json_from_date(row->matched_on, 0));
    if (row->referred_on) {
        json_object_set_new(object, "referred_to", json_from_str(need.referred_to));
        json_object_set_new(object, "referred_on", json_from_date(row->referred_on, 0));
    }
    if (row->outcome) {
        json_object_set_new(object, "outcome",
                            json_string(NEED_OUTCOME_choices.words[row->outcome - 1]));
        json_object_set_new(object, "closed_on", json_from_date(row->closed_on, 0));
    }
    return 0;
}

/* Open for so many days or more. */
int need_is_asked_for(struct query *query, uint32_t number, bool *ret_takes) {
    int64_t least = query_integer(query, "open_days", 0);
    struct need need;
    int r = least > 0 ? need_get(query->view, number, &need) : 0;
    *ret_takes =
        r == 0 &&
        (least <= 0 || (need.row.state != NEED_CLOSED && days_open(query, &need.row) >= least));
    return r;
}

/* ---- beneficiaries ---- */

const char *const beneficiary_states[2] = {
    [BENEFICIARY_ENROLLED] = "enrolled",
    [BENEFICIARY_LEFT] = "left",
};

int show_beneficiary(struct query *query, uint32_t number, const struct thing *thing,
                     struct arena *arena, json_t *object) {
    struct beneficiary beneficiary;
    (void)thing;
    int r = beneficiary_get(query->view, number, &beneficiary);
    if (r != 0)
        return r;
    const struct beneficiary_row *row = &beneficiary.row;
    json_put_date(object, "enrolled_on", row->enrolled_on);
    json_put_date(object, "left_on", row->left_on);
    if (row->project) {
        json_object_set_new(object, "project",
                            json_from_number(query, NOUN_PROJECT, row->project, arena));
        json_object_set_new(object, "interval_days", json_integer(row->interval_days));
    }
    json_put_date(object, "last_visit_on", row->last_visit_on);
    json_put_date(object, "next_visit_by", row->due_on);
    json_object_set_new(object, "overdue", json_boolean(row->overdue_since != 0));
    json_put_date(object, "overdue_since", row->overdue_since);
    json_object_set_new(object, "visits_missed", json_integer(row->n_missed));
    return 0;
}

static int put_volunteers(struct query *query, const struct beneficiary *beneficiary,
                          struct arena *arena, json_t *object) {
    json_t *list = json_array();
    for (size_t i = 0; i < beneficiary->n_volunteers; i++)
        json_array_append_new(list,
                              json_from_number(query, NOUN_VOLUNTEER,
                                               beneficiary_volunteer_at(beneficiary, i), arena));
    json_object_set_new(object, "paired_with", list);
    return 0;
}

/* Newest first. */
static int put_visits(struct query *query, uint32_t number, struct arena *arena, json_t *object) {
    json_t *list = json_array();
    struct visits visits;
    json_object_set_new(object, "visits", list);
    int r = visits_get(query->view, number, &visits);
    for (size_t i = visits.n; r == 0 && i-- > 0;) {
        struct visit visit = visit_at(&visits, i);
        struct record record;
        r = record_get(query->view, visit.record, &record);
        if (r != 0)
            break;
        json_array_append_new(
            list, json_pack("{s:o, s:o, s:o}", "on", json_from_date(visit.on, 0), "volunteer",
                            json_from_number(query, NOUN_VOLUNTEER, record.row.volunteer, arena),
                            "record", json_from_str(record.id)));
    }
    return r;
}

int show_beneficiary_whole(struct query *query, uint32_t number, const struct thing *thing,
                           struct arena *arena, json_t *object) {
    struct beneficiary beneficiary;
    (void)thing;
    int r = beneficiary_get(query->view, number, &beneficiary);
    if (r == 0 && beneficiary.row.project) {
        json_put_date(object, "plan_set_on", beneficiary.row.plan_on);
        r = put_volunteers(query, &beneficiary, arena, object);
    }
    return r == 0 ? put_visits(query, number, arena, object) : r;
}

/* Overdue or not. */
int beneficiary_is_asked_for(struct query *query, uint32_t number, bool *ret_takes) {
    bool given = json_object_get(query->params, "overdue") != NULL;
    struct beneficiary beneficiary;
    int r = given ? beneficiary_get(query->view, number, &beneficiary) : 0;
    *ret_takes = r == 0 && (!given || (beneficiary.row.overdue_since != 0) ==
                                          query_boolean(query, "overdue", false));
    return r;
}
