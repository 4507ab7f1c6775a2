#include "domain/merges.h"

#include "domain/carried_over.h"
#include "domain/complaints.h"
#include "domain/consents.h"
#include "domain/enrolments.h"
#include "domain/false_hours.h"
#include "domain/ledger.h"
#include "domain/people_mix.h"
#include "domain/person_lists.h"
#include "domain/records.h"
#include "domain/report_ins.h"
#include "domain/rewards.h"
#include "domain/runs.h"
#include "domain/standing.h"
#include "domain/star_applications.h"
#include "domain/teams.h"
#include "domain/trainings.h"
#include "domain/volunteer_links.h"
#include "util/error.h"

/* ---- rows ----
 * list u8, volunteer u32, n u32:
 * MERGED_INTO, who was merged, 0 -> struct merged_row;
 * MERGED_FROM, the survivor, n -> the n-th who was merged, u32; n 0: how many;
 * MERGED_OVERLAPS, who was merged, n -> the n-th record to be asked about, u32; n 0: how many. */
#define KEY_BYTES 9

static struct str merged_key(char key[static KEY_BYTES], enum merged_list list, uint32_t volunteer,
                             uint32_t n) {
    key[0] = (char)list;
    number_key(key + 1, volunteer);
    number_key(key + 5, n);
    return (struct str){key, KEY_BYTES};
}

static int plain_get(struct view *view, struct str key, void *ret_value, size_t size) {
    struct str row;
    int r = view_get(view, TABLE_MERGED, key, &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (row.size != size)
        return error_note(-EBADMSG, "a row of a merge cannot be read");
    memcpy(ret_value, row.data, size);
    return 0;
}

static int number_get(struct view *view, enum merged_list list, uint32_t volunteer, uint32_t n,
                      uint32_t *ret_value) {
    char key[KEY_BYTES];
    int r = plain_get(view, merged_key(key, list, volunteer, n), ret_value, sizeof *ret_value);
    if (r > 0)
        *ret_value = 0;
    return r < 0 ? r : 0;
}

static void number_put(struct context *context, enum merged_list list, uint32_t volunteer,
                       uint32_t n, uint32_t value) {
    char key[KEY_BYTES];
    store_put(context->store, TABLE_MERGED, merged_key(key, list, volunteer, n),
              (struct str){(const char *)&value, sizeof value});
}

static int list_add(struct context *context, enum merged_list list, uint32_t volunteer,
                    uint32_t value) {
    uint32_t count;
    int r = number_get(context->view, list, volunteer, 0, &count);
    if (r != 0)
        return r;
    number_put(context, list, volunteer, 0, count + 1);
    number_put(context, list, volunteer, count + 1, value);
    return 0;
}

/* ---- reading ---- */

int merged_get(struct view *view, uint32_t volunteer, struct merged_row *ret_row) {
    char key[KEY_BYTES];
    return plain_get(view, merged_key(key, MERGED_INTO, volunteer, 0), ret_row, sizeof *ret_row);
}

/* Merges of merges: no state has more, and a damaged one must not lead round and round. */
#define CHAIN_LIMIT 1000

int volunteer_survivor(struct view *view, uint32_t *volunteer) {
    struct volunteer_row row;
    struct merged_row merged;
    uint32_t number = *volunteer;
    int r = 0, n = 0;
    for (; r == 0 && number && n < CHAIN_LIMIT; n++) {
        r = volunteer_get(view, number, &row);
        if (r != 0 || row.state != VOLUNTEER_MERGED)
            break;
        r = merged_get(view, number, &merged);
        if (r == 0)
            number = merged.into;
    }
    if (r > 0 || n == CHAIN_LIMIT)
        return error_note(-EBADMSG, "a merged volunteer leads nowhere");
    *volunteer = number;
    return r;
}

static int each_merged(struct view *view, uint32_t volunteer, int depth,
                       int (*each)(void *context, uint32_t merged), void *context) {
    struct volunteer_row row;
    uint32_t count = 0, merged;
    if (depth == CHAIN_LIMIT)
        return error_note(-EBADMSG, "merges lead round and round");
    int r = volunteer_get(view, volunteer, &row);
    if (r != 0 || !(row.marks & MARK_HAS_MERGED))
        return r < 0 ? r : 0;
    r = number_get(view, MERGED_FROM, volunteer, 0, &count);
    for (uint32_t n = 1; r == 0 && n <= count; n++) {
        r = number_get(view, MERGED_FROM, volunteer, n, &merged);
        if (r == 0)
            r = each(context, merged);
        if (r == 0)
            r = each_merged(view, merged, depth + 1, each, context);
    }
    return r;
}

int merged_each(struct view *view, uint32_t volunteer, int (*each)(void *context, uint32_t merged),
                void *context) {
    return each_merged(view, volunteer, 0, each, context);
}

int merged_overlaps(struct view *view, uint32_t merged, uint32_t *ret_count) {
    return number_get(view, MERGED_OVERLAPS, merged, 0, ret_count);
}

int merged_overlap(struct view *view, uint32_t merged, uint32_t n, uint32_t *ret_record) {
    return number_get(view, MERGED_OVERLAPS, merged, n, ret_record);
}

/* ---- volunteer.merged ---- */

struct merge {
    struct context *context;
    const struct volunteer_merged *data;
    uint32_t from;
    uint32_t into;
    struct volunteer_row person; /* who is merged, as it was */
};

static int wrong_state(const struct merge *merge, const char *mend) {
    return problem_set(merge->context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                       "volunteer %.*s %s", STR_ARG(merge->data->volunteer), mend);
}

/* What is under way is brought to an end first, under the id it was begun with. */
static int check_nothing_open(struct merge *merge) {
    struct view *view = merge->context->view;
    uint32_t application;
    bool held;
    int r = application_open_of(view, merge->from, &application);
    if (r == 0 && application)
        return wrong_state(merge, "has an application for stars that is open; review it first "
                                  "(star.reviewed)");
    if (r == 0)
        r = ledger_is_held(view, merge->from, &held);
    if (r == 0 && held)
        return wrong_state(merge, "has a redemption that is open; settle or void it first "
                                  "(reward.settled, reward.voided)");
    return r;
}

static int check(struct merge *merge) {
    struct context *context = merge->context;
    struct volunteer_row survivor;
    int r = thing_resolve(context, NOUN_VOLUNTEER, merge->data->volunteer, "data.volunteer",
                          &merge->from);
    if (r == 0)
        r = volunteer_get(context->view, merge->from, &merge->person);
    if (r == 0)
        r = volunteer_refuse_merged(context, merge->from, &merge->person, merge->data->volunteer,
                                    "data.volunteer");
    if (r != 0)
        return r;
    if (merge->person.state == VOLUNTEER_DECEASED)
        return wrong_state(merge, "has died; nothing more is said of the person");
    r = volunteer_open_at(context, merge->data->into, "data.into", &merge->into, &survivor);
    if (r == 0 && merge->into == merge->from)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.into",
                           "nobody is merged into themselves; name the other registration");
    if (r == 0 && survivor.state == VOLUNTEER_HELD)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.into",
                           "the registration of %.*s is held; settle it first, or merge it into "
                           "the other one",
                           STR_ARG(merge->data->into));
    return r == 0 ? check_nothing_open(merge) : r;
}

static int move_small(struct merge *merge) {
    struct context *context = merge->context;
    uint32_t from = merge->from, into = merge->into;
    int r = trainings_move(context, from, into);
    if (r == 0)
        r = person_list_move(context, from, into, LIST_ABSENCES);
    if (r == 0)
        r = person_list_move(context, from, into, LIST_COMPLAINTS);
    if (r == 0)
        r = complaints_move(context, into);
    if (r == 0)
        r = qualifications_move(context, from, into);
    if (r == 0)
        r = consents_move(context, from, into);
    if (r == 0)
        r = volunteer_links_move(context, from, into);
    if (r == 0)
        r = team_move_member(context, from, into);
    if (r == 0)
        r = redeemed_move(context, from, into);
    if (r == 0)
        r = report_in_move(context, from, into);
    if (r == 0)
        r = volunteer_give_identity(context, from, into);
    return r;
}

/* The one is counted no more; the other has been registered since the earlier of both days. */
static int put_persons(struct merge *merge) {
    struct context *context = merge->context;
    struct volunteer_row before, after;
    int r = volunteer_get(context->view, merge->from, &before);
    if (r != 0)
        return r;
    after = before;
    after.state = VOLUNTEER_MERGED;
    after.withdrawn_on = context_date(context);
    r = volunteer_replace(context, merge->from, &before, &after);
    if (r == 0)
        r = volunteer_get(context->view, merge->into, &before);
    if (r != 0)
        return r;
    after = before;
    after.marks |= MARK_HAS_MERGED;
    if (merge->person.registered_on < after.registered_on)
        after.registered_on = merge->person.registered_on;
    if (!after.referred_by && merge->person.referred_by != merge->into)
        after.referred_by = merge->person.referred_by;
    return volunteer_replace(context, merge->into, &before, &after);
}

static int begin_run(struct merge *merge) {
    struct context *context = merge->context;
    uint32_t n_enrolments;
    int r = enrolment_count(context->view, NOUN_VOLUNTEER, merge->from, &n_enrolments);
    int32_t months = date_month(context_today(context)) - MERGE_FIRST_MONTH + 1;
    struct run_row run = {.kind = RUN_MERGE,
                          .as_of = context_date(context),
                          .last = (months > 0 ? (uint32_t)months : 0) + n_enrolments,
                          .served_since = months > 0 ? months : 0,
                          .subject = merge->from};
    return r == 0 ? run_begin_as(context, &run) : r;
}

static int note(struct merge *merge) {
    struct context *context = merge->context;
    char key[KEY_BYTES];
    struct merged_row row = {
        .into = merge->into, .on = context_date(context), .sequence = context->sequence};
    int r = number_get(context->view, MERGED_FROM, merge->into, 0, &row.ordinal);
    if (r != 0)
        return r;
    row.ordinal++;
    store_put(context->store, TABLE_MERGED, merged_key(key, MERGED_INTO, merge->from, 0),
              (struct str){(const char *)&row, sizeof row});
    return list_add(context, MERGED_FROM, merge->into, merge->from);
}

int apply_volunteer_merged(struct context *context, const struct event *event,
                           const struct volunteer_merged *data) {
    (void)event;
    struct merge merge = {.context = context, .data = data};
    int r = check(&merge);
    if (r == 0)
        r = move_small(&merge);
    if (r == 0)
        r = ledger_take_over(context, merge.from, merge.into, STR("merged"));
    if (r == 0)
        r = carried_move(context, merge.from, merge.into);
    if (r == 0)
        r = put_persons(&merge);
    if (r == 0)
        r = standing_take_over(context, merge.from, merge.into);
    if (r == 0)
        r = false_hours_take_over(context, merge.from, merge.into);
    if (r == 0)
        r = note(&merge);
    return r == 0 ? begin_run(&merge) : r;
}

/* ---- the run ---- */

struct passing {
    struct context *context;
    uint32_t from;
    uint32_t into;
    uint8_t ordinal; /* of this merge, as a record notes it */
};

static int find_passing(struct context *context, uint32_t merged, struct passing *ret_passing) {
    struct merged_row row;
    int r = merged_get(context->view, merged, &row);
    *ret_passing = (struct passing){.context = context, .from = merged, .into = row.into};
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a run moves somebody who was not merged");
    ret_passing->ordinal = (uint8_t)((row.ordinal - 1) % 3 + 1);
    return volunteer_survivor(context->view, &ret_passing->into);
}

/* Whether it overlaps a record that the survivor did not get by this merge. */
static int overlaps_others(const struct passing *passing, const struct month_entry *entry,
                           bool *ret_overlaps) {
    uint32_t numbers[64];
    struct record record;
    struct context *context = passing->context;
    *ret_overlaps = false;
    if (entry->state == RECORD_REFUSED || entry->state == RECORD_REVOKED)
        return 0;
    int n = person_overlaps(context->view, context->zone, passing->into, entry->starts_minute,
                            entry->span_minutes, entry->record, numbers, 64);
    for (int i = 0; i < n && i < 64 && !*ret_overlaps; i++) {
        int r = record_get(context->view, numbers[i], &record);
        if (r != 0)
            return r < 0 ? r : error_note(-EBADMSG, "a month names a record that is not there");
        *ret_overlaps = record.row.flags / RECORD_MERGED != passing->ordinal;
    }
    return n < 0 ? n : 0;
}

static int pass_record(struct passing *passing, const struct month_entry *entry) {
    struct context *context = passing->context;
    bool overlaps;
    int r = overlaps_others(passing, entry, &overlaps);
    if (r == 0)
        r = record_pass(context, entry, passing->from, passing->into, passing->ordinal);
    if (r != 0)
        return r < 0 ? r : 0; /* there is no room in that month: it stays where it was */
    return overlaps ? list_add(context, MERGED_OVERLAPS, passing->from, entry->record) : 0;
}

static int pass_month(struct passing *passing, int32_t number) {
    struct context *context = passing->context;
    struct person_month month;
    int r = person_month_get(context->view, number, passing->from, &month);
    if (r != 0 || month.n_entries == 0)
        return r;
    struct month_entry *entries = arena_alloc(context->arena, month.n_entries * sizeof *entries);
    size_t n = month.n_entries;
    for (size_t i = 0; i < n; i++)
        entries[i] = person_month_entry(&month, i);
    for (size_t i = 0; r == 0 && i < n; i++)
        r = pass_record(passing, &entries[i]);
    return r;
}

/* The run walks so many months first. */
static int months_of(struct view *view, uint32_t merged, uint32_t *ret_months) {
    struct merged_row row;
    struct run_row run;
    uint32_t ignored;
    int r = merged_get(view, merged, &row);
    if (r == 0)
        r = run_of(view, RUN_MERGE, row.sequence, &ignored, &run);
    if (r == 0)
        *ret_months = (uint32_t)run.served_since;
    return r > 0 ? error_note(-EBADMSG, "a merge has no run") : r;
}

static int ask_later(struct context *context, uint32_t merged) {
    uint32_t overlaps;
    int r = merged_overlaps(context->view, merged, &overlaps);
    struct run_row run = {.kind = RUN_MERGED,
                          .as_of = context_today(context),
                          .last = overlaps + 1,
                          .subject = merged};
    return r == 0 ? run_begin_as(context, &run) : r;
}

int merge_progressed(struct context *context, uint32_t merged, uint32_t from, uint32_t to,
                     bool done) {
    struct passing passing;
    uint32_t months;
    int r = find_passing(context, merged, &passing);
    if (r == 0)
        r = months_of(context->view, merged, &months);
    for (uint32_t n = from + 1; r == 0 && n <= to; n++)
        r = n <= months ? pass_month(&passing, MERGE_FIRST_MONTH + (int32_t)n - 1)
                        : enrolment_pass(context, n - months, passing.from, passing.into);
    if (r == 0 && done)
        r = enrolments_passed(context, merged);
    return r == 0 && done ? ask_later(context, merged) : r;
}

int merge_weight(struct view *view, uint32_t merged, uint32_t n, uint32_t *ret_rows) {
    struct person_month month;
    uint32_t months;
    int r = months_of(view, merged, &months);
    *ret_rows = 1;
    if (r != 0 || n > months)
        return r;
    r = person_month_get(view, MERGE_FIRST_MONTH + (int32_t)n - 1, merged, &month);
    *ret_rows = (uint32_t)month.n_entries;
    return r;
}
