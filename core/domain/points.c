#include "domain/points.h"

#include "domain/dictionaries.h"
#include "domain/merges.h"
#include "domain/policies.h"
#include "domain/records.h"
#include "domain/runs.h"
#include "domain/standing.h"
#include "util/error.h"

#define WITHHELD "withheld"
#define WITHHELD_DONE "withheld_done"

/* ---- what stands ---- */

int standing_get(struct view *view, uint32_t record, struct cursor *ret_list) {
    char key[4];
    struct str row;
    *ret_list = cursor_from(STR_NONE);
    int r = view_get(view, TABLE_RECORD_POSTING, number_key(key, record), &row);
    if (r == 0)
        *ret_list = cursor_from(row);
    return r < 0 ? r : 0;
}

bool standing_next(struct cursor *list, struct standing *ret_standing) {
    if (list->failed || cursor_left(list) == 0)
        return false;
    ret_standing->volunteer = (uint32_t)cursor_varint(list);
    ret_standing->posting = (uint32_t)cursor_varint(list);
    ret_standing->revision = (uint32_t)cursor_varint(list);
    ret_standing->taken = cursor_signed(list);
    return !list->failed;
}

static void standing_encode(const struct standing *standing, struct buf *row) {
    buf_put_varint(row, standing->volunteer);
    buf_put_varint(row, standing->posting);
    buf_put_varint(row, standing->revision);
    buf_put_signed(row, standing->taken);
}

/* Row: varint volunteer, varint posting, varint revision, signed taken, for each entry. Puts what
 * stands without `gone` and with `added`; either may be NULL. */
static int standing_put(struct context *context, uint32_t record, const struct standing *gone,
                        const struct standing *added) {
    char key[4];
    struct buf *row = &context->scratch;
    struct cursor list = cursor_from(STR_NONE);
    struct standing standing;
    int r = record == context->new_record ? 0 : standing_get(context->view, record, &list);
    if (r != 0)
        return r;
    context->new_record = 0;
    buf_reset(row);
    while (standing_next(&list, &standing)) {
        if (gone && standing.volunteer == gone->volunteer && standing.posting == gone->posting)
            continue;
        standing_encode(&standing, row);
    }
    if (added)
        standing_encode(added, row);
    store_put(context->store, TABLE_RECORD_POSTING, number_key(key, record), buf_str(row));
    return 0;
}

/* The entry of this person that the event with that sequence posted for the record. */
static int standing_find(struct context *context, uint32_t record, uint32_t volunteer,
                         uint64_t sequence, struct standing *ret_standing,
                         struct posting *ret_posting) {
    struct cursor list;
    int r = standing_get(context->view, record, &list);
    while (r == 0 && standing_next(&list, ret_standing)) {
        if (ret_standing->volunteer != volunteer)
            continue;
        r = posting_get(context->view, ret_standing->posting, ret_posting);
        if (r == 0 && ret_posting->sequence == sequence)
            return 0;
    }
    return r ? r : THING_NOT_FOUND;
}

/* ---- points.posted ---- */

static int find_account(struct context *context, struct str code, int32_t expires,
                        uint16_t *ret_account) {
    struct dictionary_code account;
    int32_t ignored;
    int r = dictionary_get(context->view, DICTIONARY_ACCOUNT, code, &account);
    if (r > 0)
        r = dictionary_require(context, DICTIONARY_ACCOUNT, code, context_date(context),
                               "data.account", &ignored);
    if (r != 0)
        return r;
    if (expires != LOT_NEVER && !account.may_expire)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.expires",
                           "what account %.*s holds does not expire; leave the date out",
                           STR_ARG(code));
    *ret_account = account.number;
    return 0;
}

static int find_record(struct context *context, const struct points_posted *data,
                       struct posting *entry) {
    struct record record;
    int r = thing_resolve(context, NOUN_RECORD, data->record, "data.record", &entry->record);
    if (r != 0 || !entry->record)
        return r;
    r = record_get(context->view, entry->record, &record);
    if (r == 0)
        entry->on = record_date(context->zone, &record.row);
    return r;
}

/* Whether so much of it is there to be taken back: no more than stands, and nothing added to it. */
static bool may_be_reversed(const struct posting *reversed, const struct standing *standing,
                            const struct posting *entry) {
    int64_t left = reversed->amount - standing->taken;
    return reversed->account == entry->account &&
           (left > 0 ? entry->amount < 0 && entry->amount >= -left : entry->amount == -left);
}

/* Takes back an entry that stands, or of a grant a part: from whoever the person is now. */
static int post_reversal(struct context *context, uint32_t volunteer, uint32_t holder,
                         struct posting *entry) {
    struct standing standing;
    struct posting reversed;
    uint32_t ignored;
    int r = standing_find(context, entry->record, volunteer, entry->reverses, &standing, &reversed);
    if (r > 0 || (r == 0 && !may_be_reversed(&reversed, &standing, entry)))
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.reverses",
                           "no such entry of this record stands");
    if (r != 0)
        return r;
    entry->expires = reversed.expires;
    r = ledger_post(context, holder, entry, &ignored);
    struct standing rest = standing;
    rest.taken -= entry->amount;
    return r == 0 ? standing_put(context, entry->record, &standing,
                                 rest.taken == reversed.amount ? NULL : &rest)
                  : r;
}

static int post(struct context *context, const struct event *event, uint32_t volunteer,
                struct posting *entry) {
    struct standing added = {.volunteer = volunteer};
    int r = ledger_post(context, volunteer, entry, &added.posting);
    if (r != 0 || !entry->record)
        return r;
    added.revision = policy_revision_number(context->view, event->revision);
    return standing_put(context, entry->record, NULL, &added);
}

int apply_points_posted(struct context *context, const struct event *event,
                        const struct points_posted *data) {
    uint32_t volunteer;
    struct posting entry = {.counter = LEDGER_ISSUE,
                            .on = context_date(context),
                            .amount = data->amount,
                            .expires = LOT_NEVER,
                            .reason = data->reason};
    if (HAS(data, points_posted, expires))
        entry.expires = data->expires;
    if (HAS(data, points_posted, reverses))
        entry.reverses = (uint64_t)data->reverses;
    int r = thing_resolve(context, NOUN_VOLUNTEER, data->volunteer, "data.volunteer", &volunteer);
    uint32_t holder = r == 0 ? volunteer : 0;
    if (r == 0)
        r = find_account(context, data->account, entry.expires, &entry.account);
    if (r == 0)
        r = find_record(context, data, &entry);
    if (r == 0)
        r = volunteer_survivor(context->view, &holder);
    if (r != 0)
        return r;
    return entry.reverses ? post_reversal(context, volunteer, holder, &entry)
                          : post(context, event, holder, &entry);
}

/* ---- points.withheld ---- */

int withheld_decode(struct str row, struct withheld *ret_withheld) {
    struct cursor in = cursor_from(row);
    ret_withheld->sequence = cursor_varint(&in);
    ret_withheld->volunteer = (uint32_t)cursor_varint(&in);
    ret_withheld->record = (uint32_t)cursor_varint(&in);
    ret_withheld->date = (int32_t)cursor_signed(&in);
    ret_withheld->event = (uint32_t)cursor_varint(&in);
    ret_withheld->policy = cursor_counted(&in);
    return in.failed;
}

static void withheld_put(struct context *context, const struct withheld *withheld) {
    char key[4];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put_varint(row, withheld->sequence);
    buf_put_varint(row, withheld->volunteer);
    buf_put_varint(row, withheld->record);
    buf_put_signed(row, withheld->date);
    buf_put_varint(row, withheld->event);
    buf_put_counted(row, withheld->policy);
    store_put(context->store, TABLE_WITHHELD, number_key(key, number_next(context, WITHHELD)),
              buf_str(row));
}

int withheld_get(struct view *view, uint32_t n, struct withheld *ret_withheld) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_WITHHELD, number_key(key, n), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    return withheld_decode(row, ret_withheld) == 0
               ? 0
               : error_note(-EBADMSG, "a row of what is withheld cannot be read");
}

uint32_t withheld_last(struct view *view) {
    return number_last(view, WITHHELD);
}

uint32_t withheld_done(struct view *view) {
    return number_last(view, WITHHELD_DONE);
}

void withheld_drop(struct context *context, uint32_t from, uint32_t to) {
    char key[4];
    struct withheld gone;
    for (uint32_t n = from + 1; n <= to; n++)
        if (withheld_get(context->view, n, &gone) == 0)
            store_put(context->store, TABLE_WITHHELD, number_key(key, n), STR_NONE);
    if (to > withheld_done(context->view))
        number_set(context, WITHHELD_DONE, to);
}

int apply_points_withheld(struct context *context, const struct event *event,
                          const struct points_withheld *data) {
    (void)event;
    uint32_t ignored;
    struct withheld row = {.sequence = context->sequence, .date = data->on, .policy = data->policy};
    const struct event_type *cause = catalogue_find(data->cause);
    int r =
        thing_resolve(context, NOUN_VOLUNTEER, data->volunteer, "data.volunteer", &row.volunteer);
    if (r == 0)
        r = thing_resolve(context, NOUN_RECORD, data->record, "data.record", &row.record);
    if (r == 0)
        r = thing_resolve(context, NOUN_POLICY, data->policy, "data.policy", &ignored);
    if (r == 0 && !cause)
        r = problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.cause",
                        "an event's type is expected");
    if (r != 0)
        return r;
    row.event = cause->number;
    withheld_put(context, &row);
    return 0;
}

int points_ask_again(struct context *context, uint32_t revision) {
    uint32_t done = withheld_done(context->view), last = withheld_last(context->view);
    if (done == last)
        return 0;
    return run_begin_between(context, RUN_POINTS, revision, context_date(context), done, last);
}

/* ---- questions ---- */

void points_ask_record(struct context *context, uint32_t record, int32_t date) {
    context_ask_of(context, (struct question){.kind = POLICY_KIND_POINTS,
                                              .number = record,
                                              .date = date,
                                              .noun = NOUN_RECORD});
}

void points_ask_volunteer(struct context *context, uint32_t volunteer, enum event_number event) {
    context_ask_of(context, (struct question){.kind = POLICY_KIND_POINTS,
                                              .number = volunteer,
                                              .date = context_date(context),
                                              .noun = NOUN_VOLUNTEER,
                                              .event = event});
}

/* ---- points.adjusted ---- */

static int check_person(struct context *context, const struct points_adjusted *data,
                        uint32_t volunteer) {
    struct volunteer_row person;
    int r = volunteer_get(context->view, volunteer, &person);
    if (r == 0 && person.state == VOLUNTEER_REGISTERED && data->amount > 0)
        return standing_allows(context, &person, data->volunteer, "data.volunteer");
    if (r == 0)
        r = volunteer_refuse_merged(context, volunteer, &person, data->volunteer, "data.volunteer");
    if (r != 0 || person.state == VOLUNTEER_REGISTERED)
        return r;
    if (person.state == VOLUNTEER_HELD)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                           "the registration of %.*s is held; settle it first",
                           STR_ARG(data->volunteer));
    if (data->amount > 0)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                           "volunteer %.*s is no longer registered; nothing more can be given",
                           STR_ARG(data->volunteer));
    return 0;
}

static int check_amount(struct context *context, const struct points_adjusted *data,
                        uint32_t volunteer, uint16_t account) {
    struct balance balance;
    if (data->amount == 0)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.amount",
                           "an adjustment of 0 changes nothing");
    int r = balance_get(context->view, volunteer, account, &balance);
    if (r < 0)
        return r;
    int64_t there = r == 0 ? balance_on(&balance, context_today(context)) : 0;
    if (there + data->amount < 0 && data->amount < 0)
        return problem_set(context->problem, PROBLEM_INSUFFICIENT_POINTS, "data.amount",
                           "there are %lld units on this account; no more can be taken",
                           (long long)there);
    return 0;
}

int apply_points_adjusted(struct context *context, const struct event *event,
                          const struct points_adjusted *data) {
    uint32_t number, volunteer, ignored;
    int32_t account;
    int r = thing_resolve(context, NOUN_VOLUNTEER, data->volunteer, "data.volunteer", &volunteer);
    if (r == 0)
        r = dictionary_require(context, DICTIONARY_ACCOUNT, data->account, context_date(context),
                               "data.account", &account);
    if (r == 0)
        r = check_person(context, data, volunteer);
    if (r == 0)
        r = check_amount(context, data, volunteer, (uint16_t)account);
    if (r == 0)
        r = thing_name(context, NOUN_ADJUSTMENT, data->adjustment, "data.adjustment", &number);
    if (r != 0)
        return r;
    struct thing thing = {.defined_sequence = context->sequence,
                          .changed_sequence = context->sequence,
                          .attributes = event->data};
    thing_put(context, NOUN_ADJUSTMENT, number, &thing);
    struct posting entry = {.account = (uint16_t)account,
                            .counter = LEDGER_ADJUSTMENT,
                            .on = context_date(context),
                            .expires = LOT_NEVER,
                            .amount = data->amount,
                            .reason = data->reason};
    standing_ask_of_points(context, volunteer);
    return ledger_post(context, volunteer, &entry, &ignored);
}
