#include "domain/public_notices.h"

#include "domain/counters.h"
#include "domain/day_lists.h"
#include "domain/days.h"
#include "domain/honours.h"
#include "domain/runs.h"
#include "domain/subjects.h"
#include "domain/volunteers.h"
#include "util/error.h"

#define AHEAD_DAYS 366

const char *public_notice_state_text(enum public_notice_state state) {
    static const char *const texts[PUBLIC_NOTICE_STATES] = {"open", "objected", "passed",
                                                            "refused"};
    return state < PUBLIC_NOTICE_STATES ? texts[state] : "unknown";
}

bool public_notice_is_over(enum public_notice_state state) {
    return state == PUBLIC_NOTICE_PASSED || state == PUBLIC_NOTICE_REFUSED;
}

/* ---- rows ---- */

#define DAMAGED "a row of a public notice cannot be read"

int public_notice_get(struct view *view, uint32_t notice, struct public_notice_row *ret_row) {
    char key[4];
    return fixed_row_get(view, TABLE_PUBLIC_NOTICE, number_key(key, notice), sizeof *ret_row,
                         DAMAGED, ret_row);
}

static void row_put(struct context *context, uint32_t number, const struct public_notice_row *row) {
    char key[4];
    store_put(context->store, TABLE_PUBLIC_NOTICE, number_key(key, number),
              (struct str){(const char *)row, sizeof *row});
}

/* The newest about a subject; 0: none. */
static int newest(struct view *view, enum noun noun, uint32_t subject, uint32_t *ret_notice) {
    char key[THING_KEY_BYTES];
    int r = fixed_row_get(view, TABLE_NOTICED, thing_key(key, noun, subject), sizeof *ret_notice,
                          DAMAGED, ret_notice);
    if (r > 0)
        *ret_notice = 0;
    return r < 0 ? r : 0;
}

int public_notice_of_day(struct view *view, int32_t date, uint32_t n, uint32_t *ret_notice) {
    return day_list_get(view, TABLE_NOTICE_DAY, date, n, ret_notice);
}

/* ---- which records it is about ---- */

/* What came or changed after it was opened was not in it. */
static bool is_in(const struct public_notice_row *notice, const struct record_row *record) {
    return record->state == RECORD_ACCEPTED && record->sequence < notice->opened &&
           record->decision < notice->opened && notice->state != PUBLIC_NOTICE_REFUSED;
}

static int newest_with(struct view *view, enum noun noun, uint32_t subject,
                       const struct record_row *record, bool passed, uint32_t *ret_notice) {
    struct public_notice_row row;
    uint32_t number = 0;
    int r = subject ? newest(view, noun, subject, &number) : 0;
    for (; r == 0 && number; number = row.previous) {
        r = public_notice_get(view, number, &row);
        if (r == 0 && is_in(&row, record) && (!passed || row.state == PUBLIC_NOTICE_PASSED))
            break;
        if (r == 0 && row.previous >= number)
            r = error_note(-EBADMSG, "a public notice follows itself");
    }
    if (r == 0 && number > *ret_notice)
        *ret_notice = number;
    return r > 0 ? error_note(-EBADMSG, "a public notice has no row") : r;
}

int public_notice_of(struct view *view, uint32_t number, const struct record_row *record,
                     bool passed, uint32_t *ret_notice) {
    *ret_notice = 0;
    int r = newest_with(view, NOUN_RECORD, number, record, passed, ret_notice);
    if (r == 0)
        r = newest_with(view, NOUN_ACTIVITY, record->activity, record, passed, ret_notice);
    return r == 0 ? newest_with(view, NOUN_ORGANISATION, record->organisation, record, passed,
                                ret_notice)
                  : r;
}

/* How many records there were when the event with this sequence came: they are numbered in journal
 * order. */
static int records_before(struct view *view, uint64_t sequence, uint32_t *ret_n) {
    struct record record;
    uint32_t least = 0, most = 0;
    int r = thing_count(view, NOUN_RECORD, &most);
    while (r == 0 && least < most) {
        uint32_t middle = least + (most - least + 1) / 2;
        r = record_get(view, middle, &record);
        if (r == 0 && record.row.sequence < sequence)
            least = middle;
        else
            most = middle - 1;
    }
    *ret_n = least;
    return r > 0 ? error_note(-EBADMSG, "a record has no row") : r;
}

/* Those of an activity or organisation came after it was defined, and before the notice. One run
 * walks them for all notices that end together, however many these are. */
static int finalise(struct context *context, const struct public_notice_row *row) {
    struct run_row run = {.kind = RUN_FINAL, .as_of = context_today(context)};
    struct thing thing;
    if (row->noun == NOUN_RECORD) {
        public_notice_ask(context, row->subject);
        return 0;
    }
    if (row->noun != NOUN_ACTIVITY && row->noun != NOUN_ORGANISATION)
        return 0;
    int r = thing_get(context->view, (enum noun)row->noun, row->subject, context->arena, &thing);
    if (r == 0)
        r = records_before(context->view, thing.defined_sequence, &run.first);
    if (r == 0)
        r = records_before(context->view, row->opened, &run.last);
    return r == 0 ? run_join(context, &run) : r;
}

void public_notice_ask(struct context *context, uint32_t record) {
    context_ask_of(context, (struct question){.kind = POLICY_KIND_ACCEPTANCE,
                                              .number = record,
                                              .date = context_date(context),
                                              .noun = NOUN_PUBLIC_NOTICE});
}

/* ---- where it is counted ---- */

static int count(struct context *context, const struct public_notice_row *row, int32_t by) {
    const struct counter_change change = {COUNTER_notices, by};
    return row->region ? counter_add_region(context, 0, row->region, &change, 1) : 0;
}

/* ---- opened ---- */

/* Its days, the first among them where it is worked. */
static int find_days(struct context *context, const struct public_notice_opened *data,
                     struct public_notice_row *row) {
    int32_t today = context_today(context);
    row->from = data->from;
    if (data->from > today + AHEAD_DAYS)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.from",
                           "this begins over a year ahead; mend the date");
    int32_t first = data->from > today ? data->from : today;
    int r = day_after_workdays(context->view, first - 1, (uint32_t)data->working_days, &row->until);
    return r > 0 ? problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.working_days",
                               "the calendar has not so many working days; mend the days of rest")
                 : r;
}

/* One at a time about the same. */
static int check_before(struct context *context, const struct public_notice_opened *data,
                        struct public_notice_row *row) {
    struct public_notice_row before;
    int r = newest(context->view, (enum noun)row->noun, row->subject, &row->previous);
    if (r == 0 && row->previous)
        r = public_notice_get(context->view, row->previous, &before);
    if (r != 0 || !row->previous || public_notice_is_over((enum public_notice_state)before.state))
        return r;
    return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.subject",
                       "a public notice about %.*s is under way; end it first "
                       "(public_notice.ended)",
                       STR_ARG(data->subject.id));
}

int apply_public_notice_opened(struct context *context, const struct event *event,
                               const struct public_notice_opened *data) {
    struct public_notice_row row;
    char key[THING_KEY_BYTES];
    enum noun noun;
    uint32_t number;
    memset(&row, 0, sizeof row);
    int r = subject_resolve(context, &data->subject, ~0U, "data.subject", &noun, &row.subject);
    if (r != 0)
        return r;
    row.noun = (uint8_t)noun;
    row.opened = context->sequence;
    r = find_days(context, data, &row);
    if (r == 0)
        r = check_before(context, data, &row);
    if (r == 0 && noun == NOUN_NOMINATION)
        r = nomination_notice_check(context, row.subject, data->working_days);
    if (r == 0)
        r = subject_region(context->view, noun, row.subject, context->arena, &row.region);
    if (r == 0)
        r = thing_name(context, NOUN_PUBLIC_NOTICE, data->notice, "data.notice", &number);
    if (r != 0)
        return r;
    struct thing thing = {.defined_sequence = context->sequence,
                          .changed_sequence = context->sequence,
                          .attributes = event->data};
    thing_put(context, NOUN_PUBLIC_NOTICE, number, &thing);
    row_put(context, number, &row);
    store_put(context->store, TABLE_NOTICED, thing_key(key, noun, row.subject),
              (struct str){(const char *)&number, sizeof number});
    r = day_list_add(context, TABLE_NOTICE_DAY, row.until, number);
    if (r == 0)
        r = count(context, &row, 1);
    return r == 0 && noun == NOUN_NOMINATION ? nomination_noticed(context, row.subject, number) : r;
}

/* ---- what becomes of it ---- */

static int notice_open(struct context *context, struct str id, uint32_t *ret_number,
                       struct public_notice_row *ret_row) {
    int r = thing_resolve(context, NOUN_PUBLIC_NOTICE, id, "data.notice", ret_number);
    if (r == 0)
        r = public_notice_get(context->view, *ret_number, ret_row);
    if (r == 0 && public_notice_is_over((enum public_notice_state)ret_row->state))
        r = problem_set(context->problem, PROBLEM_WRONG_STATE, "data.notice",
                        "public notice %.*s is over: it %s", STR_ARG(id),
                        ret_row->state == PUBLIC_NOTICE_PASSED ? "passed" : "was refused");
    return r;
}

static const char *day_text(int32_t date, char text[static 16]) {
    date_format(date, text);
    return text;
}

/* What was said is sealed with the key of whom it is about, else with the notice's own. */
static int keep_slot(struct context *context, uint32_t number,
                     const struct public_notice_row *row) {
    struct record record;
    struct nomination_row nomination = {0};
    struct thing thing;
    if (context->event->n_blobs == 0)
        return 0;
    if (row->noun == NOUN_NOMINATION) {
        int r = nomination_get(context->view, row->subject, &nomination);
        if (r != 0 || nomination.noun == NOUN_VOLUNTEER)
            return r == 0 ? volunteer_keep_slot(context, nomination.subject) : r;
    }
    if (row->noun == NOUN_VOLUNTEER)
        return volunteer_keep_slot(context, row->subject);
    if (row->noun == NOUN_RECORD) {
        int r = record_get(context->view, row->subject, &record);
        return r == 0 ? volunteer_keep_slot(context, record.row.volunteer) : r;
    }
    int r = thing_get(context->view, NOUN_PUBLIC_NOTICE, number, context->arena, &thing);
    if (r != 0 || thing.slot)
        return r;
    thing.slot = context->event->blobs[0].slot;
    thing_put(context, NOUN_PUBLIC_NOTICE, number, &thing);
    return 0;
}

int apply_public_notice_objected(struct context *context, const struct event *event,
                                 const struct public_notice_objected *data) {
    (void)event;
    struct public_notice_row row;
    char day[16];
    uint32_t number;
    int r = notice_open(context, data->notice, &number, &row);
    if (r == 0 && context_today(context) > row.until)
        r = problem_set(context->problem, PROBLEM_WRONG_STATE, "data.notice",
                        "objections were heard until %s; dispute the record or file a complaint",
                        day_text(row.until, day));
    if (r == 0)
        r = keep_slot(context, number, &row);
    if (r != 0)
        return r;
    row.n_objections++;
    row.state = PUBLIC_NOTICE_OBJECTED;
    row_put(context, number, &row);
    return 0;
}

/* By the midnight after its last day, or by somebody. */
int apply_public_notice_ended(struct context *context, const struct event *event,
                              const struct public_notice_ended *data) {
    (void)event;
    struct public_notice_row row;
    char day[16];
    uint32_t number;
    bool passed = data->outcome == REVIEW_ACCEPTED;
    int r = notice_open(context, data->notice, &number, &row);
    if (r == 0 && passed && context_today(context) <= row.until)
        r = problem_set(context->problem, PROBLEM_WRONG_STATE, "data.notice",
                        "it lasts until %s and cannot pass before", day_text(row.until, day));
    if (r != 0)
        return r;
    row.state = passed ? PUBLIC_NOTICE_PASSED : PUBLIC_NOTICE_REFUSED;
    row.ended_on = context_today(context);
    row.ended = context->sequence;
    row_put(context, number, &row);
    r = count(context, &row, -1);
    if (r == 0 && row.noun == NOUN_NOMINATION)
        return nomination_notice_ended(context, row.subject, passed);
    return r == 0 && passed ? finalise(context, &row) : r;
}

int public_notices_day_ended(struct context *context, int32_t date) {
    uint32_t n;
    int r = day_list_count(context->view, TABLE_NOTICE_DAY, date, &n);
    return r == 0 ? run_begin_between(context, RUN_PUBLIC_NOTICES, 0, date, 0, n) : r;
}

void public_notices_drop(struct context *context, int32_t date, uint32_t from, uint32_t to,
                         bool done) {
    day_list_drop(context, TABLE_NOTICE_DAY, date, from, to, done);
}

/* ---- service.finalised ---- */

int apply_service_finalised(struct context *context, const struct event *event,
                            const struct service_finalised *data) {
    (void)event;
    struct record record;
    uint32_t number, notice;
    int r = record_open(context, data->record, &number, &record);
    if (r == 0)
        r = thing_resolve(context, NOUN_PUBLIC_NOTICE, data->notice, "data.notice", &notice);
    if (r == 0 && record.row.state != RECORD_ACCEPTED)
        r = record_wrong_state(context, &record, "only what is accepted becomes final");
    if (r == 0)
        r = record_flag(context, number, &record.row, RECORD_FINAL, true);
    if (r == 0)
        record_put(context, number, &record);
    return r;
}
