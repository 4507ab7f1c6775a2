#include "domain/carried_over.h"

#include "domain/counters.h"
#include "domain/organisations.h"
#include "domain/volunteers.h"
#include "util/error.h"

#define TOTALS_LIMIT 200 /* of one person, revoked ones too */
#define DAYS_LIMIT (100 * 366)
#define DAY_MINUTES (24 * 60)

void carried_days(const struct zone *zone, const struct record_row *row, int32_t *ret_from,
                  int32_t *ret_to) {
    *ret_from = record_date(zone, row);
    *ret_to = *ret_from + (int32_t)(row->span_s / DAY_SECONDS) - 1;
}

static struct str carried_key(char key[static 8], uint32_t volunteer, uint32_t n) {
    number_key(key, volunteer);
    number_key(key + 4, n);
    return (struct str){key, 8};
}

int carried_get(struct view *view, uint32_t volunteer, uint32_t n, uint32_t *ret_number,
                struct record *ret_record) {
    char key[8];
    struct str row;
    int r = view_get(view, TABLE_CARRIED, carried_key(key, volunteer, n), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (row.size != sizeof *ret_number)
        return error_note(-EBADMSG, "a carried total's row cannot be read");
    memcpy(ret_number, row.data, sizeof *ret_number);
    r = record_get(view, *ret_number, ret_record);
    return r > 0 ? error_note(-EBADMSG, "a carried total's record is missing") : r;
}

#define LIFE "nobody's life is that long"

static int out_of_range(struct context *context, const char *field, const char *mend) {
    return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, field, "%s", mend);
}

/* ---- totals ---- */

static int count(struct context *context, const struct record_row *row, int64_t by) {
    struct volunteer_row person;
    const struct counter_change change = {COUNTER_carried_minutes, by};
    int r = volunteer_get(context->view, row->volunteer, &person);
    if (r == 0)
        r = counter_add_region(context, 0, row->region, &change, 1);
    if (r == 0)
        r = counter_add_organisation(context, 0, row->organisation, &change, 1);
    if (r != 0)
        return r;
    person.carried_minutes = (uint32_t)((int64_t)person.carried_minutes + by);
    volunteer_put(context, row->volunteer, &person);
    return 0;
}

/* The record as it is now, and whoever rates by it is asked. */
static int finish(struct context *context, uint32_t number, struct record *record) {
    record->row.decision = context->sequence;
    record_put(context, number, record);
    context_ask(context, POLICY_KIND_STAR_RATING, record->row.volunteer, context_date(context));
    return 0;
}

int carried_correct(struct context *context, uint32_t number, struct record *record,
                    uint32_t minutes) {
    struct record_row *row = &record->row;
    struct volunteer_row person;
    int r = volunteer_get(context->view, row->volunteer, &person);
    if (r == 0 && (int64_t)person.carried_minutes - row->counted + minutes > UINT32_MAX)
        r = out_of_range(context, "data.minutes", LIFE);
    if (r == 0)
        r = count(context, row, (int64_t)minutes - row->counted);
    if (r != 0)
        return r;
    row->minutes = minutes;
    row->counted = minutes;
    row->corrected = (uint8_t)(row->corrected < UINT8_MAX ? row->corrected + 1 : UINT8_MAX);
    return finish(context, number, record);
}

int carried_revoke(struct context *context, uint32_t number, struct record *record) {
    int r = count(context, &record->row, -(int64_t)record->row.counted);
    record->row.state = RECORD_REVOKED;
    return r == 0 ? finish(context, number, record) : r;
}

/* ---- service.carried_over ---- */

static int check_days(struct context *context, const struct service_carried_over *data) {
    int64_t days = (int64_t)data->to - data->from + 1;
    if (days < 1)
        return out_of_range(context, "data.to",
                            "the last day lies before the first; exchange or mend them");
    if (data->to > context_date(context))
        return out_of_range(context, "data.to",
                            "what is carried over is over; the last day lies after this event");
    if (!date_is_kept(data->from) || days > DAYS_LIMIT)
        return out_of_range(context, "data.from",
                            "service is kept from 1970-01-02 on, a hundred years at most");
    if (data->minutes > days * DAY_MINUTES)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.minutes",
                           "these %lld days have %lld minutes; mend the days or the total (in "
                           "minutes, not seconds)",
                           (long long)days, (long long)days * DAY_MINUTES);
    return 0;
}

static int check_person(struct context *context, const struct service_carried_over *data,
                        uint32_t volunteer) {
    struct volunteer_row person;
    int r = volunteer_get(context->view, volunteer, &person);
    if (r == 0)
        r = volunteer_refuse_merged(context, volunteer, &person, data->volunteer, "data.volunteer");
    if (r != 0)
        return r;
    if (volunteer_has_left(&person) && data->from > person.withdrawn_on)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                           "volunteer %.*s had %s before this service", STR_ARG(data->volunteer),
                           person.state == VOLUNTEER_DECEASED ? "died" : "withdrawn");
    if (person.state == VOLUNTEER_HELD)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                           "the registration of %.*s is held; settle it first, then send this "
                           "total again",
                           STR_ARG(data->volunteer));
    if (person.carried_minutes + data->minutes > UINT32_MAX)
        return out_of_range(context, "data.minutes", LIFE);
    return 0;
}

/* Two totals that count the same service twice: of the same system or, where neither names one, of
 * the same organisation, with days in common. */
static bool counts_twice(const struct context *context, const struct record *other,
                         const struct service_carried_over *data, const struct record_row *row) {
    int32_t from, to;
    bool same = data->system.size || other->system.size
                    ? str_equal(data->system, other->system)
                    : other->row.organisation == row->organisation;
    if (!same || other->row.state == RECORD_REVOKED)
        return false;
    carried_days(context->zone, &other->row, &from, &to);
    return data->from <= to && from <= data->to;
}

/* Gives the place behind the last total. */
static int check_others(struct context *context, const struct service_carried_over *data,
                        const struct record_row *row, uint32_t *ret_n) {
    for (uint32_t n = 1; n <= TOTALS_LIMIT; n++) {
        struct record other;
        uint32_t number;
        int r = carried_get(context->view, row->volunteer, n, &number, &other);
        *ret_n = n;
        if (r != 0)
            return r < 0 ? r : 0;
        if (counts_twice(context, &other, data, row))
            return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.from",
                               "these days are in total %.*s already; correct or revoke that one, "
                               "or send the days that are missing",
                               STR_ARG(other.id));
    }
    return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.volunteer",
                       "%d totals were carried over for this person; send one for all that is "
                       "missing",
                       TOTALS_LIMIT);
}

static int resolve_all(struct context *context, const struct service_carried_over *data,
                       struct record_row *row) {
    int r =
        thing_resolve(context, NOUN_VOLUNTEER, data->volunteer, "data.volunteer", &row->volunteer);
    return r ? r
             : organisation_resolve_active(context, data->organisation, "data.organisation",
                                           &row->organisation, &row->region);
}

static void fill_row(struct context *context, const struct service_carried_over *data,
                     struct record_row *row) {
    row->starts_s = zone_midnight(context->zone, data->from) / MICROSECONDS;
    row->span_s = (uint32_t)(data->to - data->from + 1) * DAY_SECONDS;
    row->minutes = (uint32_t)data->minutes;
    row->counted = (uint32_t)data->minutes;
    row->recorded_s = context->event->time.us / MICROSECONDS;
    row->sequence = context->sequence;
    row->method = METHOD_IMPORT;
    row->state = RECORD_ACCEPTED;
    row->carried = 1;
}

static int put(struct context *context, const struct service_carried_over *data, uint32_t n,
               struct record *record) {
    char key[8];
    uint32_t number;
    int r = thing_name(context, NOUN_RECORD, data->record, "data.record", &number);
    if (r == 0)
        r = source_number(context, context->event->source, &record->row.source);
    if (r == 0)
        r = count(context, &record->row, data->minutes);
    if (r != 0)
        return r;
    store_put(context->store, TABLE_CARRIED, carried_key(key, record->row.volunteer, n),
              (struct str){(const char *)&number, sizeof number});
    return finish(context, number, record);
}

int apply_service_carried_over(struct context *context, const struct event *event,
                               const struct service_carried_over *data) {
    (void)event;
    struct record record = {.id = data->record,
                            .recorder = data->recorder,
                            .system = data->system,
                            .evidence = data->evidence};
    uint32_t n = 0;
    memset(&record.row, 0, sizeof record.row);
    int r = resolve_all(context, data, &record.row);
    if (r == 0)
        r = check_days(context, data);
    if (r == 0)
        r = check_person(context, data, record.row.volunteer);
    if (r == 0)
        r = check_others(context, data, &record.row, &n);
    if (r != 0)
        return r;
    fill_row(context, data, &record.row);
    return put(context, data, n, &record);
}

/* ---- a merge ---- */

static int count_totals(struct view *view, uint32_t volunteer, uint32_t *ret_n) {
    struct record record;
    uint32_t number;
    int r = 0;
    *ret_n = 0;
    while ((r = carried_get(view, volunteer, *ret_n + 1, &number, &record)) == 0)
        ++*ret_n;
    return r < 0 ? r : 0;
}

static int move_total(struct context *context, uint32_t from, uint32_t into, uint32_t n,
                      uint32_t to_n) {
    char key[8];
    struct record record;
    uint32_t number;
    int r = carried_get(context->view, from, n, &number, &record);
    if (r != 0)
        return r;
    record.id = arena_copy(context->arena, record.id);
    record.recorder = arena_copy(context->arena, record.recorder);
    record.system = arena_copy(context->arena, record.system);
    record.evidence = arena_copy(context->arena, record.evidence);
    record.batch = arena_copy(context->arena, record.batch);
    record.row.volunteer = into;
    record_put(context, number, &record);
    store_put(context->store, TABLE_CARRIED, carried_key(key, into, to_n),
              (struct str){(const char *)&number, sizeof number});
    store_put(context->store, TABLE_CARRIED, carried_key(key, from, n), STR_NONE);
    return 0;
}

int carried_move(struct context *context, uint32_t from, uint32_t into) {
    struct volunteer_row giver, taker;
    uint32_t n_from, n_into;
    int r = count_totals(context->view, from, &n_from);
    if (r == 0)
        r = count_totals(context->view, into, &n_into);
    for (uint32_t n = 1; r == 0 && n <= n_from; n++)
        r = move_total(context, from, into, n, n_into + n);
    if (r == 0)
        r = volunteer_get(context->view, from, &giver);
    if (r == 0)
        r = volunteer_get(context->view, into, &taker);
    if (r != 0)
        return r;
    taker.carried_minutes += giver.carried_minutes;
    giver.carried_minutes = 0;
    volunteer_put(context, from, &giver);
    volunteer_put(context, into, &taker);
    return 0;
}
