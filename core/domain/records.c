#include "domain/records.h"

#include "domain/activities.h"
#include "domain/attendance.h"
#include "domain/beneficiaries.h"
#include "domain/carried_over.h"
#include "domain/counters.h"
#include "domain/entries.h"
#include "domain/honours.h"
#include "domain/hot.h"
#include "domain/organisations.h"
#include "domain/points.h"
#include "domain/posts.h"
#include "domain/record_checks.h"
#include "domain/record_notes.h"
#include "domain/reviews.h"
#include "domain/runs.h"
#include "domain/standing.h"
#include "domain/verdicts.h"
#include "util/error.h"

/* ---- reading ---- */

int record_get(struct view *view, uint32_t number, struct record *ret_record) {
    char key[4];
    struct str row;
    if (hot_recall(view, HOT_LAST_RECORD, number, ret_record, sizeof *ret_record))
        return 0;
    int r = number ? view_get(view, TABLE_RECORD, number_key(key, number), &row) : STORE_NOT_FOUND;
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (row.size < sizeof ret_record->row)
        return error_note(-EBADMSG, "a record's row cannot be read");
    memcpy(&ret_record->row, row.data, sizeof ret_record->row);
    struct cursor rest = {row.data + sizeof ret_record->row, row.data + row.size, false};
    ret_record->id = cursor_counted(&rest);
    ret_record->recorder = cursor_counted(&rest);
    ret_record->system = ret_record->row.carried ? cursor_counted(&rest) : STR_NONE;
    ret_record->evidence = ret_record->row.carried ? cursor_counted(&rest) : STR_NONE;
    ret_record->batch = ret_record->row.batched ? cursor_counted(&rest) : STR_NONE;
    if (rest.failed)
        return error_note(-EBADMSG, "a record's row cannot be read");
    hot_remember(view, HOT_LAST_RECORD, number, ret_record, sizeof *ret_record);
    return 0;
}

int record_holder(struct view *view, uint32_t number, const struct record_row *row,
                  uint32_t *ret_organisation) {
    struct record_note note;
    *ret_organisation = row->organisation;
    if (!(row->flags & RECORD_TRANSFERRED))
        return 0;
    int r = record_note_get(view, number, &note);
    if (r == 0)
        *ret_organisation = note.holder;
    return r;
}

int record_details(struct view *view, uint32_t number, struct arena *arena,
                   struct service_recorded *ret_details) {
    struct thing thing;
    int r = thing_get(view, NOUN_RECORD, number, arena, &thing);
    if (r == 0)
        *ret_details = *(const struct service_recorded *)thing.attributes;
    else if (r > 0)
        memset(ret_details, 0, sizeof *ret_details);
    return r < 0 ? r : 0;
}

int32_t record_date(const struct zone *zone, const struct record_row *row) {
    return zone_date(zone, row->starts_s * MICROSECONDS);
}

const char *record_state_text(enum record_state state) {
    static const char *const texts[] = {"pending", "accepted", "held", "refused", "revoked"};
    return (size_t)state < sizeof texts / sizeof *texts ? texts[state] : "unknown";
}

/* ---- writing ---- */

void record_put(struct context *context, uint32_t number, const struct record *record) {
    char key[4];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put(row, &record->row, sizeof record->row);
    buf_put_counted(row, record->id);
    buf_put_counted(row, record->recorder);
    if (record->row.carried) {
        buf_put_counted(row, record->system);
        buf_put_counted(row, record->evidence);
    }
    if (record->row.batched)
        buf_put_counted(row, record->batch);
    store_put(context->store, TABLE_RECORD, number_key(key, number), buf_str(row));
    hot_let_go(context->view, HOT_LAST_RECORD);
}

static struct month_entry entry_of(uint32_t number, const struct record_row *row) {
    return (struct month_entry){.record = number,
                                .starts_minute = (uint32_t)(row->starts_s / 60),
                                .span_minutes = row->span_s / 60,
                                .minutes = row->state == RECORD_ACCEPTED ? row->counted : 0,
                                .category = row->category,
                                .method = row->method,
                                .state = row->state};
}

static int put_in_months(struct context *context, uint32_t number, const struct record_row *row) {
    struct month_entry entry = entry_of(number, row);
    return person_month_set(context, row->volunteer, &entry);
}

struct month_count {
    struct context *context;
    const struct record_row *row;
    uint32_t holder;
    int32_t sign;
};

static int count_in(struct month_count *count, int32_t month, int32_t records, int64_t minutes) {
    const struct counter_change changes[] = {
        {COUNTER_minutes, count->sign * minutes},
        {COUNTER_records, count->sign * records},
        {COUNTER_households, count->sign * records * count->row->households}};
    int r = counter_add_region(count->context, month, count->row->region, changes, 3);
    return r == 0 ? counter_add_organisation(count->context, month, count->holder, changes, 3) : r;
}

static int count_day(void *context, int32_t date, uint32_t minutes) {
    struct month_count *count = context;
    return count_in(count, date_month(date), 0, minutes);
}

/* The whole record in one month, as nearly all are, costs one change of counters; else one per day.
 */
static int count_accepted(struct context *context, uint32_t number, const struct record_row *row,
                          int32_t sign) {
    struct month_count count = {.context = context, .row = row, .sign = sign};
    struct month_entry entry = entry_of(0, row);
    int32_t first, last;
    int r = record_holder(context->view, number, row, &count.holder);
    if (r == 0 && row->activity)
        r = activity_serve(context, row->activity, row->counted, sign);
    if (r != 0)
        return r;
    credited_span(context->zone, &entry, &first, &last);
    if (date_month(first) == date_month(last))
        return count_in(&count, date_month(first), 1, row->counted);
    r = count_in(&count, date_month(first), 1, 0);
    return r == 0 ? credited_days(context->zone, &entry, count_day, &count) : r;
}

/* What is counted now only. */
static int count_now(struct context *context, uint32_t number, const struct record_row *row,
                     enum counter counter, int32_t by) {
    const struct counter_change change = {counter, by};
    uint32_t holder;
    int r = record_holder(context->view, number, row, &holder);
    if (r == 0)
        r = counter_add_region(context, 0, row->region, &change, 1);
    return r == 0 ? counter_add_organisation(context, 0, holder, &change, 1) : r;
}

/* Of a record that counted: what is known of its month has changed. */
static int count_taken_back(struct context *context, uint32_t number, const struct record_row *row,
                            enum counter counter) {
    const struct counter_change change = {counter, 1};
    int32_t month = date_month(record_date(context->zone, row));
    uint32_t holder;
    int r = record_holder(context->view, number, row, &holder);
    if (r == 0)
        r = counter_add_region(context, month, row->region, &change, 1);
    return r == 0 ? counter_add_organisation(context, month, holder, &change, 1) : r;
}

static int count_held(struct context *context, uint32_t number, const struct record_row *row,
                      int32_t sign) {
    char key[4];
    store_put(context->store, TABLE_HELD, number_key(key, number),
              sign > 0 ? (struct str){(const char *)&row->volunteer, sizeof row->volunteer}
                       : STR_NONE);
    return count_now(context, number, row, COUNTER_held, sign);
}

/* The days of an accepted record join the person's first and last ones. */
static void span_include(const struct zone *zone, const struct month_entry *entry,
                         struct volunteer_row *person) {
    int32_t first, last;
    credited_span(zone, entry, &first, &last);
    if (!person->first_service_on || first < person->first_service_on)
        person->first_service_on = first;
    if (!person->last_service_on || last > person->last_service_on)
        person->last_service_on = last;
}

/* First and last service day after a record went that stood at one of the ends. */
static int span_again(struct context *context, uint32_t volunteer, struct volunteer_row *person) {
    int32_t last = person->last_service_on ? date_month(person->last_service_on) : -1;
    int32_t first = person->first_service_on ? date_month(person->first_service_on) : 0;
    person->first_service_on = 0;
    person->last_service_on = 0;
    for (int32_t month = first; month <= last; month++) {
        struct person_month row;
        int r = person_month_get(context->view, month, volunteer, &row);
        if (r != 0)
            return r;
        for (size_t i = 0; i < row.n_entries; i++) {
            struct month_entry entry = person_month_entry(&row, i);
            if (entry.state == RECORD_ACCEPTED)
                span_include(context->zone, &entry, person);
        }
    }
    return 0;
}

int record_flag(struct context *context, uint32_t number, struct record_row *row,
                enum record_flag flag, bool on) {
    if (((row->flags & flag) != 0) == on)
        return 0;
    row->flags = (uint8_t)(on ? row->flags | flag : row->flags & ~flag);
    return count_now(context, number, row,
                     flag == RECORD_FINAL ? COUNTER_final_records : COUNTER_disputed, on ? 1 : -1);
}

/* Takes out what the record's present state caused: totals, counters, held list. What was final is
 * so no longer: it is about to be other than its public notice said. */
static int reverse(struct context *context, uint32_t number, struct record_row *row) {
    struct volunteer_row person;
    int r = volunteer_get(context->view, row->volunteer, &person);
    if (r != 0)
        return r;
    if (row->state == RECORD_HELD) {
        person.n_held--;
        r = count_held(context, number, row, -1);
    } else if (row->state == RECORD_ACCEPTED) {
        person.minutes -= row->counted;
        person.n_accepted--;
        r = count_accepted(context, number, row, -1);
    }
    bool was_accepted = row->state == RECORD_ACCEPTED;
    row->state = RECORD_PENDING;
    if (r == 0)
        r = record_flag(context, number, row, RECORD_FINAL, false);
    if (r == 0)
        r = put_in_months(context, number, row);
    if (r == 0 && was_accepted)
        r = span_again(context, row->volunteer, &person);
    if (r == 0)
        volunteer_put(context, row->volunteer, &person);
    return r == 0 && was_accepted && row->flags & RECORD_VISIT
               ? visit_reversed(context, number, row)
               : r;
}

/* Brings the record into a state from PENDING, with its consequences. `row->counted` is the credit.
 */
static int settle(struct context *context, uint32_t number, struct record_row *row,
                  enum record_state state) {
    struct volunteer_row person;
    int r = volunteer_get(context->view, row->volunteer, &person);
    if (r != 0)
        return r;
    row->state = (uint8_t)state;
    if (state == RECORD_HELD) {
        person.n_held++;
        r = count_held(context, number, row, 1);
    } else if (state == RECORD_ACCEPTED) {
        struct month_entry entry = entry_of(number, row);
        person.minutes += row->counted;
        person.n_accepted++;
        span_include(context->zone, &entry, &person);
        r = count_accepted(context, number, row, 1);
    }
    if (r == 0)
        r = put_in_months(context, number, row);
    if (r == 0)
        volunteer_put(context, row->volunteer, &person);
    return r == 0 && state == RECORD_ACCEPTED && row->flags & RECORD_VISIT
               ? visit_accepted(context, number, row)
               : r;
}

/* ---- a merge ---- */

/* What it counts for the one is taken from the other; counters of regions are about the same. */
static int pass_totals(struct context *context, uint32_t number, const struct record_row *row,
                       const struct month_entry *entry, uint32_t from, uint32_t into) {
    struct volunteer_row giver, taker;
    char key[4];
    int r = volunteer_get(context->view, from, &giver);
    if (r == 0)
        r = volunteer_get(context->view, into, &taker);
    if (r != 0)
        return r;
    if (row->state == RECORD_HELD) {
        giver.n_held--;
        taker.n_held++;
        store_put(context->store, TABLE_HELD, number_key(key, number),
                  (struct str){(const char *)&into, sizeof into});
    } else if (row->state == RECORD_ACCEPTED) {
        giver.minutes -= row->counted;
        giver.n_accepted--;
        taker.minutes += row->counted;
        taker.n_accepted++;
        span_include(context->zone, entry, &taker);
    }
    if (giver.n_accepted == 0)
        giver.first_service_on = giver.last_service_on = 0;
    volunteer_put(context, from, &giver);
    volunteer_put(context, into, &taker);
    return 0;
}

int record_pass(struct context *context, const struct month_entry *entry, uint32_t from,
                uint32_t into, uint8_t merged) {
    struct record record;
    int r = record_get(context->view, entry->record, &record);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a month names a record that is not there");
    if (record.row.volunteer != from)
        return 0;
    record.id = arena_copy(context->arena, record.id);
    record.recorder = arena_copy(context->arena, record.recorder);
    record.batch = arena_copy(context->arena, record.batch);
    r = person_month_set(context, into, entry);
    if (r == 0)
        r = person_month_drop(context, from, entry);
    if (r == 0)
        r = pass_totals(context, entry->record, &record.row, entry, from, into);
    if (r != 0)
        return r;
    record.row.volunteer = into;
    record.row.flags = (uint8_t)(record.row.flags % RECORD_MERGED + RECORD_MERGED * merged);
    record_put(context, entry->record, &record);
    return 0;
}

/* ---- service.recorded ---- */

static int resolve_all(struct context *context, const struct service_recorded *data,
                       struct record_row *row, uint32_t *ret_post) {
    int r =
        thing_resolve(context, NOUN_VOLUNTEER, data->volunteer, "data.volunteer", &row->volunteer);
    if (r == 0)
        r = thing_resolve(context, NOUN_ORGANISATION, data->organisation, "data.organisation",
                          &row->organisation);
    if (r == 0)
        r = thing_resolve(context, NOUN_ACTIVITY, data->activity, "data.activity", &row->activity);
    if (r == 0)
        r = thing_resolve(context, NOUN_POST, data->post, "data.post", ret_post);
    return r;
}

/* Where the minutes count: at the activity's region, else at the post's; without either, at the
 * recording organisation's. */
static int place(struct context *context, const struct service_recorded *data, uint32_t post,
                 struct record_row *row) {
    if (row->activity) {
        struct activity_summary activity;
        int r = activity_summary(context->view, row->activity, &activity);
        if (r != 0)
            return r;
        if (activity.state == ACTIVITY_CANCELLED)
            return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.activity",
                               "activity %.*s was cancelled; nobody served there",
                               STR_ARG(data->activity));
        row->region = activity.region;
        row->category = activity.category;
        if (activity.visit)
            row->flags |= RECORD_VISIT;
        return activity.state == ACTIVITY_CLOSED
                   ? attendance_served(context, row->activity, data->shift, row->volunteer)
                   : 0;
    }
    if (post)
        return post_region(context->view, post, &row->region);
    struct organisation_defined organisation;
    int r =
        organisation_attributes(context->view, row->organisation, context->arena, &organisation);
    return r == 0 ? thing_find(context->view, NOUN_REGION, organisation.region, &row->region) : r;
}

int record_check_served(struct context *context, uint32_t volunteer, struct str id,
                        int64_t starts_us, int64_t ends_us) {
    struct volunteer_row person;
    int32_t on = zone_date(context->zone, starts_us);
    int r = volunteer_get(context->view, volunteer, &person);
    if (r == 0)
        r = volunteer_refuse_merged(context, volunteer, &person, id, "data.volunteer");
    if (r != 0)
        return r;
    if (volunteer_has_left(&person) && on > person.withdrawn_on)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                           "volunteer %.*s had %s before this service", STR_ARG(id),
                           person.state == VOLUNTEER_DECEASED ? "died" : "withdrawn");
    if (person.state == VOLUNTEER_HELD)
        return problem_set(
            context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
            "the registration of %.*s is held; settle it first, then send this record again",
            STR_ARG(id));
    if (person.standing != STANDING_GOOD && on >= person.standing_since) {
        r = standing_allows(context, &person, id, "data.volunteer");
        if (r != 0)
            return r;
    }
    if (ends_us > context->event->time.us)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.ends",
                           "the service ends after the event's time; record it when it is over");
    if (starts_us < 0 || !date_is_kept(on))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.starts",
                           "service is kept from 1970-01-02 to 2199; mend the year");
    return 0;
}

/* Role, quantities, evidence, post, beneficiary: kept as attributes only where one was given. */
static void put_details(struct context *context, uint32_t number,
                        const struct service_recorded *data) {
    const uint64_t kept =
        UINT64_C(1) << service_recorded__role | UINT64_C(1) << service_recorded__quantities |
        UINT64_C(1) << service_recorded__evidence | UINT64_C(1) << service_recorded__shift |
        UINT64_C(1) << service_recorded__post | UINT64_C(1) << service_recorded__beneficiary |
        UINT64_C(1) << service_recorded__ext;
    if (!(data->head.present & kept))
        return;
    struct service_recorded *details = arena_alloc(context->arena, sizeof *details);
    *details = *data;
    details->head.present &= kept;
    struct thing thing = {.defined_sequence = context->sequence,
                          .changed_sequence = context->sequence,
                          .attributes = details};
    thing_put(context, NOUN_RECORD, number, &thing);
}

int record_begin(struct context *context, uint32_t number, const struct record *record,
                 const struct service_recorded *details) {
    record_put(context, number, record);
    put_details(context, number, details);
    int r = put_in_months(context, number, &record->row);
    if (r == 0)
        context_ask(context, POLICY_KIND_ACCEPTANCE, number,
                    record_date(context->zone, &record->row));
    return r;
}

static uint8_t households_of(const struct service_recorded *data) {
    const struct quantity *quantities = data->quantities.items;
    for (size_t i = 0; i < data->quantities.n; i++)
        if (str_equal(quantities[i].name, STR("households")) && quantities[i].amount > 0)
            return quantities[i].amount < HOUSEHOLDS_LIMIT ? (uint8_t)quantities[i].amount
                                                           : HOUSEHOLDS_LIMIT;
    return 0;
}

int apply_service_recorded(struct context *context, const struct event *event,
                           const struct service_recorded *data) {
    uint32_t number, post;
    struct record record = {.id = data->record, .recorder = data->recorder, .batch = event->batch};
    struct record_row *row = &record.row;
    memset(row, 0, sizeof *row);
    row->starts_s = data->starts.us / MICROSECONDS;
    row->span_s = (uint32_t)((data->ends.us - data->starts.us) / MICROSECONDS);
    row->minutes =
        HAS(data, service_recorded, minutes) ? (uint32_t)data->minutes : row->span_s / 60;
    row->recorded_s = event->time.us / MICROSECONDS;
    row->sequence = context->sequence;
    row->method = (uint8_t)data->method;
    row->state = RECORD_PENDING;
    row->batched = event->batch.size > 0;
    row->households = households_of(data);
    row->flags = data->beneficiary.size > 0 ? RECORD_VISIT : 0;
    int r = resolve_all(context, data, row, &post);
    if (r == 0)
        r = place(context, data, post, row);
    if (r == 0)
        r = record_check_served(context, row->volunteer, data->volunteer, data->starts.us,
                                data->ends.us);
    if (r == 0 && data->beneficiary.size)
        r = visit_require(context, data->beneficiary, record_date(context->zone, row));
    if (r == 0 && row->minutes == 0)
        r = problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.ends",
                        "less than a minute; nothing to record");
    if (r == 0)
        r = thing_name(context, NOUN_RECORD, data->record, "data.record", &number);
    if (r == 0)
        r = source_number(context, event->source, &row->source);
    if (r != 0)
        return r;
    context->new_record = number;
    r = record_begin(context, number, &record, data);
    return r == 0 && row->method == METHOD_MANUAL ? entries_count(context, number, data->recorder)
                                                  : r;
}

/* ---- what follows ---- */

int record_open(struct context *context, struct str id, uint32_t *ret_number,
                struct record *ret_record) {
    int r = thing_resolve(context, NOUN_RECORD, id, "data.record", ret_number);
    if (r == 0)
        r = record_get(context->view, *ret_number, ret_record);
    if (r == 0) {
        ret_record->id = arena_copy(context->arena, ret_record->id);
        ret_record->recorder = arena_copy(context->arena, ret_record->recorder);
        ret_record->batch = arena_copy(context->arena, ret_record->batch);
    }
    return r;
}

int record_wrong_state(struct context *context, const struct record *record, const char *mend) {
    return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.record",
                       "record %.*s is %s; %s", STR_ARG(record->id),
                       record_state_text(record->row.state), mend);
}

/* What a record earned is looked at again where it counted before or does now; before stars are, so
 * that a record earns by the stars that were held when it was decided. */
static int finish(struct context *context, uint32_t number, struct record *record,
                  bool was_accepted) {
    record->row.decision = context->sequence;
    record_put(context, number, record);
    if (was_accepted || record->row.state == RECORD_ACCEPTED)
        points_ask_record(context, number, record_date(context->zone, &record->row));
    context_ask(context, POLICY_KIND_STAR_RATING, record->row.volunteer, context_date(context));
    return 0;
}

/* A new rule credits less than an earlier one did, and its activation does not take back what was
 * granted: the stars that rest on it stay (engine/decide_keep.c). */
static int keep_stars(struct context *context, const struct event *event, uint32_t volunteer) {
    uint32_t ignored;
    struct run_row run;
    struct volunteer_row person;
    int r = run_of(context->view, RUN_ACCEPTANCE, event->cause, &ignored, &run);
    if (r != 0 || !run.keeps)
        return r < 0 ? r : 0;
    r = volunteer_get(context->view, volunteer, &person);
    if (r != 0)
        return r;
    person.stars_kept = person.stars;
    person.minutes_kept = person.minutes + person.carried_minutes;
    volunteer_put(context, volunteer, &person);
    return 0;
}

/* A rule's decision may ask for a second look; what it refuses needs none. */
static int check_signals(struct context *context, uint32_t number, const struct record_row *row,
                         const struct list *findings) {
    if (row->state == RECORD_REFUSED)
        return record_check_close(context, number, row);
    unsigned signals = findings->n ? record_signals(findings) : 0;
    return signals ? record_check_raise(context, number, row, signals) : 0;
}

int apply_service_decided(struct context *context, const struct event *event,
                          const struct service_decided *data) {
    static const enum record_state states[] = {[OUTCOME_ACCEPTED] = RECORD_ACCEPTED,
                                               [OUTCOME_HELD] = RECORD_HELD,
                                               [OUTCOME_REFUSED] = RECORD_REFUSED};
    uint32_t number;
    struct record record;
    int r = record_open(context, data->record, &number, &record);
    bool was_accepted = r == 0 && record.row.state == RECORD_ACCEPTED;
    uint32_t credited = was_accepted ? record.row.counted : 0;
    if (r == 0 && data->outcome == OUTCOME_REFUSED)
        verdict_put(context, number, record.row.state, STR_NONE);
    if (r == 0 && record.row.state != RECORD_PENDING)
        r = reverse(context, number, &record.row);
    if (r != 0)
        return r;
    record.row.counted = (uint32_t)data->minutes;
    record.row.flags &= (uint8_t)~RECORD_REVIEWED;
    r = settle(context, number, &record.row, states[data->outcome]);
    bool is_less = credited > (data->outcome == OUTCOME_ACCEPTED ? record.row.counted : 0);
    if (r == 0 && is_less)
        r = keep_stars(context, event, record.row.volunteer);
    if (r == 0 && is_less)
        r = honours_hours_changed(context, record.row.volunteer);
    if (r == 0)
        r = check_signals(context, number, &record.row, &data->findings);
    return r == 0 ? finish(context, number, &record, was_accepted) : r;
}

int apply_service_reviewed(struct context *context, const struct event *event,
                           const struct service_reviewed *data) {
    (void)event;
    uint32_t number;
    struct record record;
    int r = record_open(context, data->record, &number, &record);
    if (r != 0)
        return r;
    if (str_equal(record.recorder, data->reviewer))
        return problem_set(context->problem, PROBLEM_SELF_REVIEW, "data.reviewer",
                           "%.*s recorded this service; another person reviews it",
                           STR_ARG(data->reviewer));
    if (record.row.state != RECORD_HELD)
        return record_wrong_state(context, &record, "only a held record is reviewed");
    bool accepted = data->outcome == REVIEW_ACCEPTED;
    record.row.flags |= RECORD_REVIEWED;
    r = record_check_answer(context, number, &record,
                            accepted ? REVIEW_ANSWER_REAL : REVIEW_ANSWER_FALSE, data->reviewer);
    if (r == 0)
        r = reverse(context, number, &record.row);
    if (r == 0)
        r = settle(context, number, &record.row, accepted ? RECORD_ACCEPTED : RECORD_REFUSED);
    if (r == 0)
        r = volunteer_keep_slot(context, record.row.volunteer);
    if (r == 0)
        r = reviews_count(context, record.row.organisation, data->reviewer);
    if (r != 0)
        return r;
    verdict_put(context, number, RECORD_HELD, data->reviewer);
    r = finish(context, number, &record, false);
    if (r == 0 && accepted) /* whether the review itself asks for a second look */
        context_ask_of(context, (struct question){.kind = POLICY_KIND_ACCEPTANCE,
                                                  .number = number,
                                                  .date = record_date(context->zone, &record.row),
                                                  .noun = NOUN_RECORD,
                                                  .event = EVENT_service_reviewed});
    return r;
}

int record_hold(struct context *context, uint32_t number, struct record *record) {
    int r = reverse(context, number, &record->row);
    if (r == 0)
        r = settle(context, number, &record->row, RECORD_HELD);
    record->row.decision = context->sequence;
    if (r == 0)
        record_put(context, number, record);
    return r;
}

/* A total of earlier years that was final is so no longer. */
static int correct_carried(struct context *context, uint32_t number, struct record *record,
                           uint32_t minutes) {
    int r = record_flag(context, number, &record->row, RECORD_FINAL, false);
    return r == 0 ? carried_correct(context, number, record, minutes) : r;
}

static int revoke_carried(struct context *context, uint32_t number, struct record *record) {
    int r = record_flag(context, number, &record->row, RECORD_FINAL, false);
    return r == 0 ? carried_revoke(context, number, record) : r;
}

/* What it counts for leaves the one organisation and joins the other. */
static int count_whole(struct context *context, uint32_t number, const struct record_row *row,
                       int32_t sign) {
    int r = row->state == RECORD_ACCEPTED ? count_accepted(context, number, row, sign) : 0;
    if (r == 0 && row->flags & RECORD_FINAL)
        r = count_now(context, number, row, COUNTER_final_records, sign);
    return r;
}

int record_transfer(struct context *context, uint32_t number, struct record *record,
                    uint32_t organisation) {
    struct record_note note;
    struct record_row *row = &record->row;
    int r = count_whole(context, number, row, -1);
    if (r == 0)
        r = record_note_get(context->view, number, &note);
    if (r != 0)
        return r;
    bool is_back = organisation == row->organisation;
    note.holder = is_back ? 0 : organisation;
    note.transferred = context->sequence;
    note.transferred_on = context_date(context);
    row->flags =
        (uint8_t)(is_back ? row->flags & ~RECORD_TRANSFERRED : row->flags | RECORD_TRANSFERRED);
    record_note_put(context, number, &note);
    record_put(context, number, record);
    return count_whole(context, number, row, 1);
}

int apply_service_corrected(struct context *context, const struct event *event,
                            const struct service_corrected *data) {
    (void)event;
    uint32_t number;
    struct record record;
    int r = record_open(context, data->record, &number, &record);
    if (r != 0)
        return r;
    if (record.row.state == RECORD_REVOKED)
        return record_wrong_state(context, &record,
                                  "what was revoked is recorded anew, not corrected");
    if (data->minutes > record.row.span_s / 60)
        return problem_set(
            context->problem, PROBLEM_OUT_OF_RANGE, "data.minutes",
            "the service lasted %u minutes from start to end; no more can be counted",
            record.row.span_s / 60);
    bool was_accepted = record.row.state == RECORD_ACCEPTED;
    if (was_accepted && data->minutes < record.row.counted)
        r = honours_hours_changed(context, record.row.volunteer);
    if (r == 0 && record_is_carried(&record.row))
        return correct_carried(context, number, &record, (uint32_t)data->minutes);
    if (r == 0 && was_accepted)
        r = count_taken_back(context, number, &record.row, COUNTER_records_corrected);
    if (r == 0)
        r = reverse(context, number, &record.row);
    if (r != 0)
        return r;
    record.row.minutes = (uint32_t)data->minutes;
    record.row.counted = 0;
    record.row.corrected =
        (uint8_t)(record.row.corrected < UINT8_MAX ? record.row.corrected + 1 : UINT8_MAX);
    record.row.decision = context->sequence;
    record_put(context, number, &record);
    /* Stars are asked about once the acceptance is decided anew: it always is. */
    int32_t date = record_date(context->zone, &record.row);
    context_ask(context, POLICY_KIND_ACCEPTANCE, number, date);
    if (was_accepted)
        points_ask_record(context, number, date);
    return 0;
}

int apply_service_revoked(struct context *context, const struct event *event,
                          const struct service_revoked *data) {
    (void)event;
    uint32_t number;
    struct record record;
    int r = record_open(context, data->record, &number, &record);
    if (r != 0)
        return r;
    if (record.row.state == RECORD_REVOKED)
        return record_wrong_state(context, &record, "there is nothing left to revoke");
    if (record_is_carried(&record.row)) {
        r = record.row.state == RECORD_ACCEPTED
                ? honours_hours_changed(context, record.row.volunteer)
                : 0;
        return r == 0 ? revoke_carried(context, number, &record) : r;
    }
    r = record_check_close(context, number, &record.row);
    return r == 0 ? record_withdraw(context, number, &record, data->by) : r;
}

int record_withdraw(struct context *context, uint32_t number, struct record *record,
                    struct str by) {
    bool was_accepted = record->row.state == RECORD_ACCEPTED;
    verdict_put(context, number, record->row.state, by);
    int r = was_accepted ? honours_hours_changed(context, record->row.volunteer) : 0;
    if (r == 0 && was_accepted)
        r = count_taken_back(context, number, &record->row, COUNTER_records_revoked);
    if (r == 0)
        r = reverse(context, number, &record->row);
    if (r == 0)
        r = settle(context, number, &record->row, RECORD_REVOKED);
    return r == 0 ? finish(context, number, record, was_accepted) : r;
}

int record_reinstate(struct context *context, uint32_t number, struct record *record,
                     enum record_state state) {
    record->row.flags &= (uint8_t)~RECORD_REVIEWED;
    record->row.flags |= state == RECORD_HELD ? 0 : RECORD_REVIEWED;
    int r = reverse(context, number, &record->row);
    if (r == 0)
        r = settle(context, number, &record->row, state);
    return r == 0 ? finish(context, number, record, false) : r;
}
