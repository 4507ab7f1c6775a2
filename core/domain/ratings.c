#include "domain/ratings.h"

#include "domain/activities.h"
#include "domain/carried_over.h"
#include "domain/counters.h"
#include "domain/person_lists.h"
#include "domain/records.h"
#include "domain/shifts.h"
#include "util/error.h"

int activity_rating_get(struct view *view, uint32_t activity, struct activity_rating *ret_rating) {
    char key[4];
    struct str row;
    memset(ret_rating, 0, sizeof *ret_rating);
    int r = view_get(view, TABLE_ACTIVITY_RATING, number_key(key, activity), &row);
    if (r != 0)
        return r < 0 ? r : 0;
    if (row.size != sizeof *ret_rating)
        return error_note(-EBADMSG, "the ratings of an activity cannot be read");
    memcpy(ret_rating, row.data, sizeof *ret_rating);
    return 0;
}

struct rating_sum activity_rating_sum(const struct activity_rating *rating,
                                      enum RATED_BY_choice by) {
    struct rating_sum sum = {0, 0};
    for (int i = 0; i < RATING_MOST; i++) {
        sum.n += rating->n[by][i];
        sum.sum += (int64_t)rating->n[by][i] * (i + 1);
    }
    return sum;
}

/* A rating and the one whose place it takes (0: none), of what, and where it counts. */
struct rated {
    enum RATED_BY_choice by;
    int before;
    int after;
    uint32_t activity; /* 0: none */
    uint32_t region;
    uint32_t organisation;
    uint8_t category; /* number of the code + 1; 0: none */
    int32_t month;
};

static int rate_activity_row(struct context *context, const struct rated *rated) {
    char key[4];
    struct activity_rating rating;
    int r = rated->activity ? activity_rating_get(context->view, rated->activity, &rating) : 0;
    if (r != 0 || !rated->activity)
        return r;
    if (rated->before)
        rating.n[rated->by][rated->before - 1]--;
    rating.n[rated->by][rated->after - 1]++;
    store_put(context->store, TABLE_ACTIVITY_RATING, number_key(key, rated->activity),
              (struct str){(const char *)&rating, sizeof rating});
    return 0;
}

static int count(struct context *context, const struct rated *rated) {
    struct counter_change changes[2];
    size_t n = 0;
    if (rated->by == RATED_BY_SERVED) {
        if (rated->before)
            changes[n++] =
                (struct counter_change){(enum counter)(COUNTER_ratings_1 + rated->before - 1), -1};
        changes[n++] =
            (struct counter_change){(enum counter)(COUNTER_ratings_1 + rated->after - 1), 1};
    } else {
        changes[n++] =
            (struct counter_change){COUNTER_organiser_rating_sum, rated->after - rated->before};
        changes[n++] = (struct counter_change){COUNTER_organiser_ratings, rated->before ? 0 : 1};
    }
    int r = counter_add_region(context, rated->month, rated->region, changes, n);
    if (r == 0)
        r = counter_add_organisation(context, rated->month, rated->organisation, changes, n);
    return r == 0 && rated->category
               ? counter_add_region_code(context, rated->region, DICTIONARY_CATEGORY,
                                         rated->category - 1u, changes, n)
               : r;
}

/* ---- of a record ---- */

/* The newest are kept. */
static int list_rating(struct context *context, uint32_t record, const struct record_row *row,
                       int rating) {
    struct person_entries entries;
    const struct person_entry entry = {.number = record,
                                       .on = record_date(context->zone, row),
                                       .other = row->activity,
                                       .state = (uint8_t)rating};
    int r = person_list_get(context->view, row->volunteer, LIST_RATINGS, &entries);
    if (r == 0 && entries.n >= PERSON_LIST_LIMIT)
        r = person_list_drop(context, row->volunteer, LIST_RATINGS,
                             person_entry_at(&entries, 0).number);
    return r == 0 ? person_list_put(context, row->volunteer, LIST_RATINGS, &entry, "data.record")
                  : r;
}

/* Rules that read ratings are asked about the record and the person once more; where none names
 * them, nothing is asked. */
static void ask(struct context *context, uint32_t number, const struct record_row *row) {
    struct question question = {.kind = POLICY_KIND_ACCEPTANCE,
                                .number = number,
                                .date = record_date(context->zone, row),
                                .noun = NOUN_RECORD,
                                .event = EVENT_service_rated};
    if (record_is_carried(row))
        return;
    context_ask_of(context, question);
    if (row->state == RECORD_ACCEPTED) {
        question.kind = POLICY_KIND_POINTS;
        context_ask_of(context, question);
    }
    question.kind = POLICY_KIND_STANDING;
    question.number = row->volunteer;
    question.noun = NOUN_VOLUNTEER;
    question.date = context_date(context);
    context_ask_of(context, question);
}

static int rate_record(struct context *context, uint32_t number, const struct service_rated *data) {
    struct record_note note;
    struct record record;
    int r = record_get(context->view, number, &record);
    if (r == 0 && record.row.state == RECORD_REVOKED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.record",
                           "record %.*s is revoked; there is no service to rate",
                           STR_ARG(data->record));
    if (r == 0)
        r = record_note_get(context->view, number, &note);
    if (r != 0)
        return r;
    const struct record_row row = record.row;
    const struct rated rated = {.by = (enum RATED_BY_choice)data->by,
                                .before = note.rating[data->by],
                                .after = (int)data->rating,
                                .activity = row.activity,
                                .region = row.region,
                                .organisation = row.organisation,
                                .category = row.category,
                                .month = date_month(record_date(context->zone, &row))};
    note.rating[data->by] = (uint8_t)data->rating;
    record_note_put(context, number, &note);
    r = rate_activity_row(context, &rated);
    if (r == 0)
        r = count(context, &rated);
    if (r == 0 && data->by == RATED_BY_SERVED)
        r = list_rating(context, number, &row, rated.after);
    if (r == 0)
        ask(context, number, &row);
    return r;
}

/* ---- of an activity ---- */

static int rate_activity(struct context *context, uint32_t number,
                         const struct service_rated *data) {
    struct shift_row shift;
    struct activity_summary activity;
    int r = shift_get(context->view, number, STR_NONE, &shift);
    if (r == 0)
        r = activity_summary(context->view, number, &activity);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "an activity has no row of its time");
    if (shift.gone || context->event->time.us / MICROSECONDS < shift.starts_s)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.activity",
                           "activity %.*s %s; rate it when it has taken place",
                           STR_ARG(data->activity), shift.gone ? "was cancelled" : "has not begun");
    const struct rated rated = {
        .by = (enum RATED_BY_choice)data->by,
        .after = (int)data->rating,
        .activity = number,
        .region = activity.region,
        .organisation = activity.organisation,
        .category = activity.category,
        .month = date_month(zone_date(context->zone, shift.starts_s * MICROSECONDS))};
    r = rate_activity_row(context, &rated);
    if (r == 0)
        r = count(context, &rated);
    return r == 0 ? shift_rate(context, number, data->rating) : r;
}

int apply_service_rated(struct context *context, const struct event *event,
                        const struct service_rated *data) {
    (void)event;
    uint32_t record, activity;
    int r = thing_resolve(context, NOUN_RECORD, data->record, "data.record", &record);
    if (r == 0)
        r = thing_resolve(context, NOUN_ACTIVITY, data->activity, "data.activity", &activity);
    if (r != 0)
        return r;
    if (record && activity)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.activity",
                           "one record or one activity is rated, not both at once");
    return record ? rate_record(context, record, data) : rate_activity(context, activity, data);
}
