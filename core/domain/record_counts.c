#include "domain/record_counts.h"

#include "domain/activities.h"
#include "domain/beneficiaries.h"
#include "domain/duties.h"
#include "domain/record_notes.h"
#include "domain/volunteers.h"
#include "util/error.h"

static struct month_entry entry_of(uint32_t number, const struct record_row *row) {
    return (struct month_entry){.record = number,
                                .starts_minute = (uint32_t)(row->starts_s / 60),
                                .span_minutes = row->span_s / 60,
                                .minutes = row->state == RECORD_ACCEPTED ? row->counted : 0,
                                .category = row->category,
                                .method = row->method,
                                .state = row->state};
}

int record_put_in_months(struct context *context, uint32_t number, const struct record_row *row) {
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

int record_count_taken_back(struct context *context, uint32_t number, const struct record_row *row,
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

int record_reverse(struct context *context, uint32_t number, struct record_row *row) {
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
        r = record_put_in_months(context, number, row);
    if (r == 0 && was_accepted)
        r = span_again(context, row->volunteer, &person);
    if (r == 0)
        volunteer_put(context, row->volunteer, &person);
    return r == 0 && was_accepted && row->flags & RECORD_VISIT
               ? visit_reversed(context, number, row)
               : r;
}

/* Of duty at a post: whether somebody was there. */
static int duty_settled(struct context *context, uint32_t number, const struct record_row *row) {
    struct service_recorded details;
    int r = record_details(context->view, number, context->arena, &details);
    return r == 0 ? duty_record_settled(context, row, &details) : r;
}

int record_settle(struct context *context, uint32_t number, struct record_row *row,
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
        r = record_put_in_months(context, number, row);
    if (r == 0)
        volunteer_put(context, row->volunteer, &person);
    if (r == 0 && row->flags & RECORD_DERIVED && !row->activity)
        r = duty_settled(context, number, row);
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
