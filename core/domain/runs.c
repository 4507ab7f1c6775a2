#include "domain/runs.h"

#include "domain/assessments.h"
#include "domain/honours.h"
#include "domain/points.h"
#include "domain/policies.h"
#include "domain/star_applications.h"
#include "util/error.h"

#define FIRST_OPEN "run_first_open"

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

int run_open(struct view *view, uint32_t *ret_number, struct run_row *ret_row) {
    uint32_t last = number_last(view, "run");
    for (uint32_t number = number_last(view, FIRST_OPEN) + 1; number <= last; number++) {
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

static void run_put(struct context *context, uint32_t number, const struct run_row *row) {
    char key[4];
    store_put(context->store, TABLE_RUN, number_key(key, number),
              (struct str){(const char *)row, sizeof *row});
}

const char *run_kind_text(enum run_kind kind) {
    static const char *const texts[RUN_KINDS] = {
        "stars", "points", "assessment", "assessment_due", "expiry", "notices", "proposals"};
    return kind < RUN_KINDS ? texts[kind] : "unknown";
}

int run_waiting(struct view *view, enum run_kind kind, uint32_t *ret_number) {
    struct run_row row;
    uint32_t last = number_last(view, "run");
    for (uint32_t number = number_last(view, FIRST_OPEN) + 1; number <= last; number++) {
        int r = run_get(view, number, &row);
        if (r != 0)
            return r;
        if (row.done || row.kind != (uint32_t)kind || row.cursor)
            continue;
        *ret_number = number;
        return 0;
    }
    return THING_NOT_FOUND;
}

int run_begin(struct context *context, enum run_kind kind, uint32_t revision, int32_t as_of) {
    return run_begin_between(context, kind, revision, as_of, 0, 0);
}

int run_begin_between(struct context *context, enum run_kind kind, uint32_t revision, int32_t as_of,
                      uint32_t from, uint32_t to) {
    struct run_row row;
    memset(&row, 0, sizeof row);
    row.cause = context->sequence;
    row.revision = revision;
    row.as_of = as_of;
    row.kind = (uint32_t)kind;
    row.cursor = from;
    row.last = to;
    run_put(context, number_next(context, "run"), &row);
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
        r = notices_drop(context, row.as_of, row.cursor, (uint32_t)data->cursor, data->done);
    if (row.kind == RUN_PROPOSALS && data->done)
        r = honours_proposed(context, number);
    if (r != 0)
        return r;
    row.cursor = (uint32_t)data->cursor;
    row.done = data->done;
    run_put(context, number, &row);
    if (row.done && number == number_last(context->view, FIRST_OPEN) + 1)
        (void)number_next(context, FIRST_OPEN);
    return 0;
}
