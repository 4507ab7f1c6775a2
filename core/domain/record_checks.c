#include "domain/record_checks.h"

#include <assert.h>

#include "domain/carried_over.h"
#include "domain/counters.h"
#include "domain/false_hours.h"
#include "domain/verdicts.h"
#include "domain/volunteers.h"
#include "util/error.h"

const char *record_check_state(const struct check_row *row) {
    if (row->open)
        return "open";
    return row->answer ? REVIEW_ANSWER_choices.words[row->answer - 1] : "closed";
}

/* ---- rows ---- */

int record_check_get(struct view *view, uint32_t record, struct record_check *ret_check) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_CHECK, number_key(key, record), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    struct cursor in = cursor_from(row);
    struct str fixed = cursor_take(&in, sizeof ret_check->row);
    ret_check->by = cursor_counted(&in);
    if (in.failed)
        return error_note(-EBADMSG, "the check of a record cannot be read");
    memcpy(&ret_check->row, fixed.data, sizeof ret_check->row);
    return 0;
}

static void put(struct context *context, uint32_t record, const struct record_check *check) {
    char key[4];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put(row, &check->row, sizeof check->row);
    buf_put_counted(row, check->by);
    store_put(context->store, TABLE_CHECK, number_key(key, record), buf_str(row));
}

/* All zero where there is none; its text lives in the context's arena. */
static int open_check(struct context *context, uint32_t record, struct record_check *ret_check) {
    *ret_check = (struct record_check){.by = STR_NONE};
    int r = record_check_get(context->view, record, ret_check);
    if (r == 0)
        ret_check->by = arena_copy(context->arena, ret_check->by);
    return r < 0 ? r : 0;
}

/* ---- signals ---- */

static unsigned signal_of(const struct finding *finding) {
    for (unsigned signal = 0; signal < SIGNAL_COUNT; signal++)
        if (str_equal(finding->code, str_from(SIGNAL_choices.words[signal])))
            return 1U << signal;
    return 0;
}

unsigned record_signals(const struct list *findings) {
    const struct finding *items = findings->items;
    unsigned signals = 0;
    for (size_t i = 0; i < findings->n; i++)
        signals |= signal_of(&items[i]);
    return signals;
}

struct list record_review_signals(const struct list *findings, struct arena *arena) {
    static const unsigned of_review = 1U << SIGNAL_QUICK_APPROVAL | 1U << SIGNAL_ONE_APPROVER;
    const struct finding *items = findings->items;
    struct finding *list = arena_alloc(arena, (findings->n + 1) * sizeof *list);
    size_t n = 0;
    for (size_t i = 0; i < findings->n; i++)
        if (signal_of(&items[i]) & of_review)
            list[n++] = items[i];
    return (struct list){n, list};
}

/* ---- counters ---- */

#define CHANGES_LIMIT (3 + 3 * SIGNAL_COUNT)

struct changes {
    size_t n;
    struct counter_change list[CHANGES_LIMIT];
};

static void add(struct changes *changes, enum counter counter, int64_t by) {
    assert(changes->n < CHANGES_LIMIT);
    changes->list[changes->n++] = (struct counter_change){counter, by};
}

static void add_signals(struct changes *changes, enum counter first, unsigned signals, int64_t by) {
    for (unsigned signal = 0; signal < SIGNAL_COUNT; signal++)
        if (signals >> signal & 1)
            add(changes, first + signal, by);
}

static int count(struct context *context, const struct record_row *record,
                 const struct changes *changes) {
    int r = counter_add_region(context, 0, record->region, changes->list, changes->n);
    return r == 0 ? counter_add_organisation(context, 0, record->organisation, changes->list,
                                             changes->n)
                  : r;
}

static enum counter answers(enum REVIEW_ANSWER_choice answer) {
    return answer == REVIEW_ANSWER_REAL ? COUNTER_checks_real : COUNTER_checks_false;
}

static enum counter answers_of(enum REVIEW_ANSWER_choice answer) {
    return answer == REVIEW_ANSWER_REAL ? COUNTER_SIGNALS_REAL : COUNTER_SIGNALS_FALSE;
}

/* ---- what becomes of it ---- */

int record_check_raise(struct context *context, uint32_t number, const struct record_row *record,
                       unsigned signals) {
    struct record_check check;
    struct changes changes = {0};
    int r = open_check(context, number, &check);
    unsigned fresh = signals & ~(unsigned)check.row.raised;
    if (r != 0 || !fresh)
        return r;
    if (!check.row.open)
        add(&changes, COUNTER_checks_open, 1);
    add_signals(&changes, COUNTER_SIGNALS, fresh, 1);
    check.row.raised |= (uint16_t)fresh;
    check.row.open |= (uint16_t)fresh;
    check.row.asked_on = context_date(context);
    put(context, number, &check);
    return count(context, record, &changes);
}

int record_check_answer(struct context *context, uint32_t number, const struct record *record,
                        enum REVIEW_ANSWER_choice answer, struct str by) {
    struct record_check check;
    struct changes changes = {0};
    int r = open_check(context, number, &check);
    if (r != 0 || !check.row.open)
        return r;
    add(&changes, COUNTER_checks_open, -1);
    add(&changes, answers(answer), 1);
    add_signals(&changes, answers_of(answer), check.row.open, 1);
    check.row.answered = check.row.open;
    check.row.open = 0;
    check.row.answer = (uint8_t)(answer + 1);
    check.row.answered_on = context_date(context);
    check.by = by;
    put(context, number, &check);
    return count(context, &record->row, &changes);
}

int record_check_close(struct context *context, uint32_t number, const struct record_row *record) {
    struct record_check check;
    struct changes changes = {0};
    int r = open_check(context, number, &check);
    if (r != 0 || !check.row.open)
        return r;
    add(&changes, COUNTER_checks_open, -1);
    check.row.open = 0;
    put(context, number, &check);
    return count(context, record, &changes);
}

int record_check_overturn(struct context *context, uint32_t number, const struct record *record) {
    struct record_check check;
    struct changes changes = {0};
    int r = open_check(context, number, &check);
    if (r != 0 || check.row.answer != REVIEW_ANSWER_FALSE + 1)
        return r;
    add(&changes, COUNTER_checks_false, -1);
    add(&changes, COUNTER_checks_real, 1);
    add_signals(&changes, COUNTER_SIGNALS_FALSE, check.row.answered, -1);
    add_signals(&changes, COUNTER_SIGNALS_REAL, check.row.answered, 1);
    check.row.answer = REVIEW_ANSWER_REAL + 1;
    put(context, number, &check);
    r = count(context, &record->row, &changes);
    return r == 0 ? false_hours_drop(context, number, record) : r;
}

/* ---- drawn by hand, answered ---- */

struct checked {
    uint32_t number;
    struct record record;
    struct record_check check;
};

static int open_checked(struct context *context, struct str id, struct checked *ret_checked) {
    int r = record_open(context, id, &ret_checked->number, &ret_checked->record);
    return r == 0 ? open_check(context, ret_checked->number, &ret_checked->check) : r;
}

static int wrong_state(struct context *context, const struct record *record, const char *text) {
    return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.record", "record %.*s %s",
                       STR_ARG(record->id), text);
}

int apply_review_sampled(struct context *context, const struct event *event,
                         const struct review_sampled *data) {
    (void)event;
    struct checked checked;
    int r = open_checked(context, data->record, &checked);
    if (r != 0)
        return r;
    const struct record *record = &checked.record;
    if (record_is_carried(&record->row) || record->row.state != RECORD_ACCEPTED)
        return wrong_state(context, record,
                           "does not count as service; only what counts is drawn for a check");
    if (checked.check.row.open)
        return wrong_state(context, record,
                           "waits for a check already; answer it (review.answered)");
    /* Drawn again after an answer it is asked about again. */
    checked.check.row.raised &= (uint16_t) ~(1U << SIGNAL_SPOT_CHECK);
    put(context, checked.number, &checked.check);
    return record_check_raise(context, checked.number, &record->row, 1U << SIGNAL_SPOT_CHECK);
}

/* Whoever entered a record or let it pass does not answer for it. */
static int check_reviewer(struct context *context, uint32_t number, const struct record *record,
                          struct str reviewer) {
    struct verdict verdict = {.by = STR_NONE};
    int r = verdict_get(context->view, number, &verdict);
    if (r < 0)
        return r;
    if (!str_equal(record->recorder, reviewer) && !(r == 0 && str_equal(verdict.by, reviewer)))
        return 0;
    return problem_set(context->problem, PROBLEM_SELF_REVIEW, "data.reviewer",
                       "%.*s %s this record; another person checks it", STR_ARG(reviewer),
                       str_equal(record->recorder, reviewer) ? "entered" : "reviewed");
}

int apply_review_answered(struct context *context, const struct event *event,
                          const struct review_answered *data) {
    (void)event;
    struct checked checked;
    bool is_false = data->outcome == REVIEW_ANSWER_FALSE;
    int r = open_checked(context, data->record, &checked);
    if (r != 0)
        return r;
    struct record *record = &checked.record;
    if (!checked.check.row.open)
        return wrong_state(context, record, "waits for no check; review.sampled draws it for one");
    if (record->row.state == RECORD_HELD && !is_false)
        return wrong_state(context, record, "is held; service.reviewed lets it pass");
    r = check_reviewer(context, checked.number, record, data->reviewer);
    if (r == 0)
        r = record_check_answer(context, checked.number, record,
                                (enum REVIEW_ANSWER_choice)data->outcome, data->reviewer);
    if (r == 0)
        r = volunteer_keep_slot(context, record->row.volunteer);
    if (r == 0 && is_false)
        r = false_hours_add(context, checked.number, record);
    return r == 0 && is_false ? record_withdraw(context, checked.number, record, data->reviewer)
                              : r;
}

int apply_record_flagged(struct context *context, const struct event *event,
                         const struct record_flagged *data) {
    (void)event;
    struct record record;
    uint32_t number;
    int r = record_open(context, data->record, &number, &record);
    return r == 0
               ? record_check_raise(context, number, &record.row, record_signals(&data->findings))
               : r;
}
