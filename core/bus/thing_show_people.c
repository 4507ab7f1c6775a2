/* Complaints, trainings, and how many come to an activity. */
#include "bus/methods_common.h"
#include "bus/methods_decisions.h"
#include "bus/methods_enrolment.h"
#include "bus/thing_show.h"
#include "domain/activities.h"
#include "domain/complaints.h"
#include "domain/ratings.h"
#include "domain/shifts.h"
#include "domain/trainings.h"

/* ---- activities ---- */

static json_t *shift_json(const struct shift_row *shift) {
    json_t *object =
        json_pack("{s:i, s:i, s:i, s:i, s:i}", "enrolled", (int)shift->n_accepted, "waitlisted",
                  (int)shift->n_waitlisted, "places_left", (int)shift_places_left(shift),
                  "attended", (int)shift->n_attended, "missed", (int)shift->n_missed);
    return object;
}

int show_activity(struct query *query, uint32_t number, const struct thing *thing,
                  struct arena *arena, json_t *object) {
    struct activity_summary summary;
    struct shift_row shift;
    (void)thing;
    (void)arena;
    int r = shift_get(query->view, number, STR_NONE, &shift);
    if (r == 0)
        r = activity_summary(query->view, number, &summary);
    if (r != 0)
        return r;
    json_object_set_new(object, "changes", json_integer(summary.n_changes));
    json_object_set_new(object, "records", json_integer((json_int_t)summary.n_records));
    json_object_set_new(object, "minutes", json_integer((json_int_t)summary.minutes));
    json_t *counts = shift_json(&shift);
    json_object_update(object, counts);
    json_decref(counts);
    if (shift.n_ratings)
        json_object_set_new(
            object, "rating",
            json_pack("{s:i, s:i}", "ratings", (int)shift.n_ratings, "sum", (int)shift.rating_sum));
    return 0;
}

/* How often each of 1 to 5 was said, by whom. */
static int put_ratings(struct query *query, uint32_t number, json_t *object) {
    struct activity_rating rating;
    int r = activity_rating_get(query->view, number, &rating);
    for (unsigned by = 0; r == 0 && by < RATED_BY_COUNT; by++) {
        char name[32];
        json_t *list = json_array();
        for (size_t i = 0; i < RATING_MOST; i++)
            json_array_append_new(list, json_integer(rating.n[by][i]));
        snprintf(name, sizeof name, "ratings_%s", RATED_BY_choices.words[by]);
        bool any = activity_rating_sum(&rating, (enum RATED_BY_choice)by).n > 0;
        if (any)
            json_object_set(object, name, list);
        json_decref(list);
    }
    return r;
}

/* How each shift fills, those that a change left out as well. */
int show_activity_whole(struct query *query, uint32_t number, const struct thing *thing,
                        struct arena *arena, json_t *object) {
    const struct activity_published *activity = thing->attributes;
    const struct shift *shifts = activity->shifts.items;
    json_t *list = json_array();
    int r = put_ratings(query, number, object);
    (void)arena;
    for (size_t i = 0; r == 0 && i < activity->shifts.n; i++) {
        struct shift_row shift;
        r = shift_get(query->view, number, shifts[i].shift, &shift);
        if (r != 0)
            break;
        json_t *item = shift_json(&shift);
        json_object_set_new(item, "shift", json_from_str(shifts[i].shift));
        json_array_append_new(list, item);
    }
    if (r == 0 && activity->shifts.n)
        json_object_set(object, "filled", list);
    json_decref(list);
    return r;
}

/* ---- trainings ---- */

/* Until when it holds, which its course said on that day. */
int show_training(struct query *query, uint32_t number, const struct thing *thing,
                  struct arena *arena, json_t *object) {
    const struct training_completed *training = thing->attributes;
    struct person_entries entries = {0};
    uint32_t volunteer;
    (void)arena;
    int r = thing_find(query->view, NOUN_VOLUNTEER, training->volunteer, &volunteer);
    if (r == 0)
        r = person_list_get(query->view, volunteer, LIST_TRAININGS, &entries);
    for (size_t i = 0; r == 0 && i < entries.n; i++) {
        struct person_entry entry = person_entry_at(&entries, i);
        if (entry.number != number)
            continue;
        json_object_set_new(object, "valid_until", json_from_date(entry.until, 0));
        json_object_set_new(object, "valid",
                            json_boolean(training_holds(&entry, query_today(query))));
    }
    return r < 0 ? r : 0;
}

/* ---- complaints ---- */

const char *const complaint_states[3] = {
    [COMPLAINT_FILED] = "filed",
    [COMPLAINT_REFERRED] = "referred",
    [COMPLAINT_RESOLVED] = "resolved",
};

int show_complaint(struct query *query, uint32_t number, const struct thing *thing,
                   struct arena *arena, json_t *object) {
    struct complaint complaint;
    (void)thing;
    int r = complaint_get(query->view, number, &complaint);
    if (r != 0)
        return r;
    const struct complaint_row *row = &complaint.row;
    json_object_set_new(object, "filed_on", json_from_date(row->filed_on, 0));
    if (row->volunteer)
        json_object_set_new(object, "volunteer",
                            json_from_number(query, NOUN_VOLUNTEER, row->volunteer, arena));
    if (row->referred_on) {
        json_object_set_new(object, "referred_to", json_from_str(complaint.referred_to));
        json_object_set_new(object, "referred_on", json_from_date(row->referred_on, 0));
    }
    if (row->resolved_on) {
        unsigned outcome = row->state - (unsigned)COMPLAINT_RESOLVED;
        json_object_set_new(object, "outcome",
                            json_string(COMPLAINT_OUTCOME_choices.words[outcome]));
        json_object_set_new(object, "resolved_by", json_from_str(complaint.resolved_by));
        json_object_set_new(object, "resolved_on", json_from_date(row->resolved_on, 0));
    }
    return 0;
}
