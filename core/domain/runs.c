#include "domain/runs.h"

#include "domain/assessments.h"
#include "domain/batches.h"
#include "domain/day_lists.h"
#include "domain/duties.h"
#include "domain/honours.h"
#include "domain/merges.h"
#include "domain/points.h"
#include "domain/policies.h"
#include "domain/public_notices.h"
#include "domain/star_applications.h"
#include "domain/successions.h"
#include "domain/waiting.h"
#include "util/error.h"

#define COMPLETE "run_first_open" /* the last of those that are complete without a gap */

int run_get(struct view *view, uint32_t number, struct run_row *ret_row) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_RUN, number_key(key, number), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (row.size != sizeof *ret_row)
        return error_note(-EBADMSG, "a run's row cannot be read");
    memcpy(ret_row, row.data, sizeof *ret_row);
    return 0;
}

uint32_t run_last(struct view *view) {
    return number_last(view, "run");
}

uint32_t run_complete(struct view *view) {
    return number_last(view, COMPLETE);
}

/* The first open one after `after`, up to `until`. */
static int open_between(struct view *view, uint32_t after, uint32_t until, uint32_t *ret_number,
                        struct run_row *ret_row) {
    for (uint32_t number = after + 1; number <= until; number++) {
        int r = run_get(view, number, ret_row);
        if (r != 0)
            return r;
        if (!ret_row->done) {
            *ret_number = number;
            return 0;
        }
    }
    return THING_NOT_FOUND;
}

int run_open(struct view *view, uint32_t *ret_number, struct run_row *ret_row) {
    return run_open_after(view, 0, ret_number, ret_row);
}

int run_open_after(struct view *view, uint32_t after, uint32_t *ret_number,
                   struct run_row *ret_row) {
    uint32_t complete = run_complete(view), last = run_last(view);
    if (after < complete || after > last)
        after = complete;
    int r = open_between(view, after, last, ret_number, ret_row);
    return r <= 0 ? r : open_between(view, complete, after, ret_number, ret_row);
}

int run_of(struct view *view, enum run_kind kind, uint64_t cause, uint32_t *ret_number,
           struct run_row *ret_row) {
    uint32_t last = run_last(view);
    int r;
    *ret_number = run_complete(view);
    while ((r = open_between(view, *ret_number, last, ret_number, ret_row)) == 0)
        if (ret_row->cause == cause && ret_row->kind == (uint32_t)kind)
            return 0;
    return r;
}

static void run_put(struct context *context, uint32_t number, const struct run_row *row) {
    char key[4];
    store_put(context->store, TABLE_RUN, number_key(key, number),
              (struct str){(const char *)row, sizeof *row});
}

const char *run_kind_text(enum run_kind kind) {
    static const char *const texts[RUN_KINDS] = {
        [RUN_STARS] = "stars",
        [RUN_POINTS] = "points",
        [RUN_ASSESSMENT] = "assessment",
        [RUN_DUE] = "assessment_due",
        [RUN_EXPIRY] = "expiry",
        [RUN_NOTICES] = "notices",
        [RUN_PROPOSALS] = "proposals",
        [RUN_STANDING] = "standing",
        [RUN_ACCEPTANCE] = "acceptance",
        [RUN_RECORD_POINTS] = "record_points",
        [RUN_PERSON_POINTS] = "person_points",
        [RUN_CANDIDATES] = "candidates",
        [RUN_ASSESSED] = "assessed",
        [RUN_WAITING] = "waiting",
        [RUN_ABSENCES] = "absences",
        [RUN_PASS_TEAMS] = "pass_teams",
        [RUN_PASS_PROJECTS] = "pass_projects",
        [RUN_PASS_ACTIVITIES] = "pass_activities",
        [RUN_PASS_POSTS] = "pass_posts",
        [RUN_PASS_MEMBERS] = "pass_members",
        [RUN_PASS_TEAM_ACTIVITIES] = "pass_team_activities",
        [RUN_PUBLIC_NOTICES] = "public_notices",
        [RUN_FINAL] = "final",
        [RUN_VISITS] = "visits",
        [RUN_MERGE] = "merge",
        [RUN_MERGED] = "merged",
        [RUN_UNDO] = "undo",
        [RUN_TASKS] = "tasks",
        [RUN_COMMITMENTS] = "commitments",
        [RUN_DUTIES] = "duties",
        [RUN_PASS_PAIRINGS] = "pass_pairings",
    };
    return kind < RUN_KINDS ? texts[kind] : "unknown";
}

int run_waiting(struct view *view, enum run_kind kind, uint32_t *ret_number) {
    struct run_row row;
    uint32_t last = number_last(view, "run");
    for (uint32_t number = run_complete(view) + 1; number <= last; number++) {
        int r = run_get(view, number, &row);
        if (r != 0)
            return r;
        if (row.done || row.kind != (uint32_t)kind || row.progressed_us)
            continue;
        *ret_number = number;
        return 0;
    }
    return THING_NOT_FOUND;
}

static void begin(struct context *context, const struct run_row *what) {
    struct run_row row = *what;
    row.cause = context->sequence;
    row.event = context->event->type->number;
    row.since_us = context->recorded_us;
    row.cursor = row.first;
    run_put(context, number_next(context, "run"), &row);
}

int run_begin(struct context *context, enum run_kind kind, uint32_t revision, int32_t as_of) {
    struct run_row row = {.kind = (uint32_t)kind, .revision = revision, .as_of = as_of};
    begin(context, &row);
    return 0;
}

int run_begin_between(struct context *context, enum run_kind kind, uint32_t revision, int32_t as_of,
                      uint32_t from, uint32_t to) {
    struct run_row row = {
        .kind = (uint32_t)kind, .revision = revision, .as_of = as_of, .first = from, .last = to};
    return run_begin_as(context, &row);
}

int run_begin_as(struct context *context, const struct run_row *row) {
    if (row->last > row->first)
        begin(context, row);
    return 0;
}

int run_extend(struct context *context, uint32_t number, uint32_t *ret_n) {
    struct run_row row;
    int r = run_get(context->view, number, &row);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a run that waits is not there");
    *ret_n = ++row.last;
    run_put(context, number, &row);
    return 0;
}

int run_join(struct context *context, const struct run_row *row) {
    struct run_row waiting;
    uint32_t number;
    int r = run_waiting(context->view, (enum run_kind)row->kind, &number);
    if (r > 0)
        return run_begin_as(context, row);
    if (r == 0)
        r = run_get(context->view, number, &waiting);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a run that waits is not there");
    if (row->last <= row->first)
        return 0;
    waiting.first = row->first < waiting.first ? row->first : waiting.first;
    waiting.last = row->last > waiting.last ? row->last : waiting.last;
    waiting.cursor = waiting.first;
    run_put(context, number, &waiting);
    return 0;
}

/* All runs up to COMPLETE are complete. */
static int note_complete(struct context *context) {
    uint32_t complete = run_complete(context->view), last = run_last(context->view);
    struct run_row row;
    int r = 0;
    while (complete < last && (r = run_get(context->view, complete + 1, &row)) == 0 && row.done)
        complete++;
    number_set(context, COMPLETE, complete);
    return r < 0 ? r : 0;
}

/* The revision is that of run.progressed's run, fixed when it began; the event repeats it for
 * readers of the journal. */
int apply_run_progressed(struct context *context, const struct event *event,
                         const struct run_progressed *data) {
    (void)event;
    struct run_row row;
    uint32_t number = (uint32_t)data->run;
    int r = run_get(context->view, number, &row);
    if (r != 0)
        return r < 0 ? r
                     : problem_set(context->problem, PROBLEM_WRONG_STATE, "data.run",
                                   "there is no such run");
    if (row.done)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.run",
                           "this run is complete");
    if (row.kind == RUN_POINTS)
        withheld_drop(context, row.cursor, (uint32_t)data->cursor);
    if (row.kind == RUN_DUE) {
        r = assessment_due_drop(context, number, row.cursor, (uint32_t)data->cursor);
        if (r != 0)
            return r;
    }
    if (row.kind == RUN_EXPIRY)
        r = ledger_expire(context, row.as_of, row.cursor, (uint32_t)data->cursor, data->done);
    if (row.kind == RUN_NOTICES)
        notices_drop(context, row.as_of, row.cursor, (uint32_t)data->cursor, data->done);
    if (row.kind == RUN_PUBLIC_NOTICES)
        public_notices_drop(context, row.as_of, row.cursor, (uint32_t)data->cursor, data->done);
    if (row.kind == RUN_VISITS)
        day_list_drop(context, TABLE_VISIT_DUE, row.as_of, row.cursor, (uint32_t)data->cursor,
                      data->done);
    if (row.kind == RUN_TASKS)
        day_list_drop(context, TABLE_TASK_DUE, row.as_of, row.cursor, (uint32_t)data->cursor,
                      data->done);
    if (row.kind == RUN_COMMITMENTS)
        day_list_drop(context, TABLE_COMMITMENT_DUE, row.as_of, row.cursor, (uint32_t)data->cursor,
                      data->done);
    if (row.kind == RUN_DUTIES)
        r = duties_settle(context, row.as_of, row.cursor, (uint32_t)data->cursor, data->done);
    if (row.kind == RUN_CANDIDATES && data->done)
        r = honours_run_ended(context, number, row.revision, row.as_of);
    if (row.kind == RUN_PROPOSALS && data->done)
        r = honours_proposed(context, number);
    if (run_is_succession((enum run_kind)row.kind))
        r = succession_pass_on(context, &row, (uint32_t)data->cursor);
    if (row.kind == RUN_WAITING && data->done)
        r = waiting_run_ended(context, row.subject, row.last);
    if (row.kind == RUN_MERGE)
        r = merge_progressed(context, row.subject, row.cursor, (uint32_t)data->cursor, data->done);
    if (row.kind == RUN_UNDO && data->done)
        r = batch_undone_all(context, row.subject);
    if (r != 0)
        return r;
    row.cursor = (uint32_t)data->cursor;
    row.done = data->done;
    row.progressed_us = context->recorded_us;
    run_put(context, number, &row);
    return row.done ? note_complete(context) : 0;
}
