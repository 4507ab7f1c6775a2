#include "domain/tasks.h"

#include "domain/day_lists.h"
#include "domain/notices.h"
#include "domain/organisations.h"
#include "domain/person_months.h"
#include "domain/runs.h"
#include "util/error.h"

/* ---- reading ---- */

int task_get(struct view *view, uint32_t task, struct task_row *ret_row) {
    char key[4];
    return fixed_row_get(view, TABLE_TASK, number_key(key, task), sizeof *ret_row,
                         "a task's row cannot be read", ret_row);
}

const char *task_state_text(enum task_state state) {
    static const char *const texts[TASK_STATES] = {"assigned", "reported", "accepted", "returned"};
    return state < TASK_STATES ? texts[state] : "unknown";
}

bool task_waits(const struct task_row *row) {
    return row->state == TASK_ASSIGNED || row->state == TASK_RETURNED;
}

bool task_is_overdue(const struct task_row *row) {
    return row->overdue_on && task_waits(row);
}

bool task_is_due(const struct task_row *row, int32_t date) {
    return task_waits(row) && !row->overdue_on && row->due_on <= date;
}

void task_figures(const struct task_row *row, struct campaign_figures *figures) {
    *campaign_figure(figures, COUNTER_tasks_open) += row->state != TASK_ACCEPTED;
    *campaign_figure(figures, COUNTER_tasks_reported) += row->state == TASK_REPORTED;
    *campaign_figure(figures, COUNTER_tasks_overdue) += task_is_overdue(row);
    *campaign_figure(figures, COUNTER_tasks_accepted) += row->state == TASK_ACCEPTED;
    *campaign_figure(figures, COUNTER_tasks_late) += row->late && !task_waits(row);
}

#define STEP_KEY_BYTES 8

static struct str step_key(char key[static STEP_KEY_BYTES], uint32_t task, uint32_t n) {
    number_key(key, task);
    number_key(key + 4, n);
    return (struct str){key, STEP_KEY_BYTES};
}

int task_step_decode(struct str row, struct task_step *ret_step) {
    struct cursor in = cursor_from(row);
    struct task_step step = {.kind = (enum task_state)cursor_byte(&in)};
    step.on = (int32_t)cursor_signed(&in);
    step.sequence = cursor_varint(&in);
    step.by = cursor_counted(&in);
    step.note = cursor_counted(&in);
    step.digest = cursor_counted(&in);
    step.uri = cursor_counted(&in);
    if (in.failed || step.kind >= TASK_STATES)
        return THING_DAMAGED;
    *ret_step = step;
    return 0;
}

int task_step_get(struct view *view, uint32_t task, uint32_t n, struct task_step *ret_step) {
    char key[STEP_KEY_BYTES];
    struct str row;
    int r = view_get(view, TABLE_TASK_STEP, step_key(key, task, n), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    return task_step_decode(row, ret_step) ? error_note(-EBADMSG, "a task's step cannot be read")
                                           : 0;
}

/* ---- rows ---- */

struct opened {
    uint32_t number;
    struct thing thing;
    struct task_row row;
    struct task_row before;
};

static void put_step(struct context *context, struct opened *opened, const struct task_step *step) {
    char key[STEP_KEY_BYTES];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put_byte(row, (uint8_t)step->kind);
    buf_put_signed(row, context_date(context));
    buf_put_varint(row, context->sequence);
    buf_put_counted(row, step->by);
    buf_put_counted(row, step->note);
    buf_put_counted(row, step->digest);
    buf_put_counted(row, step->uri);
    store_put(context->store, TABLE_TASK_STEP, step_key(key, opened->number, ++opened->row.n_steps),
              buf_str(row));
}

static void put(struct context *context, const struct opened *opened) {
    char key[4];
    store_put(context->store, TABLE_TASK, number_key(key, opened->number),
              (struct str){(const char *)&opened->row, sizeof opened->row});
}

/* Where there was none before, `before` is NULL. */
static int count(struct context *context, const struct task_row *before,
                 const struct task_row *after) {
    struct campaign_figures figures[2] = {0};
    if (before)
        task_figures(before, &figures[0]);
    task_figures(after, &figures[1]);
    return campaign_count(context, after->region, after->organisation, &figures[0], &figures[1]);
}

/* ---- assigned ---- */

/* Whatever is due already is looked at when today is over. */
static int be_due(struct context *context, const struct opened *opened) {
    int32_t today = context_today(context);
    return day_list_add(context, TABLE_TASK_DUE,
                        opened->row.due_on > today ? opened->row.due_on : today, opened->number);
}

static int check_notice(struct context *context, const struct task_assigned *data,
                        struct task_row *row) {
    struct notice_row notice;
    int r = thing_resolve(context, NOUN_NOTICE, data->notice, "data.notice", &row->notice);
    if (r != 0 || !row->notice)
        return r;
    r = notice_row_get(context->view, row->notice, &notice);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a notice has no row");
    row->campaign = notice.campaign;
    return campaign_require_open(context, notice.campaign, "data.notice");
}

static int check_assigned(struct context *context, const struct task_assigned *data,
                          struct task_row *row) {
    row->assigned_on = context_date(context);
    row->due_on = data->due;
    if (data->due < row->assigned_on || !date_is_kept(data->due))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.due",
                           "a task is due on the day it is assigned or later");
    if (HAS(data, task_assigned, target) && !HAS(data, task_assigned, measure))
        return problem_set(context->problem, PROBLEM_MISSING_FIELD, "data.measure",
                           "a target is of a measure; name it, or leave the target out");
    int r = check_notice(context, data, row);
    return r ? r
             : organisation_resolve_active(context, data->organisation, "data.organisation",
                                           &row->organisation, &row->region);
}

int apply_task_assigned(struct context *context, const struct event *event,
                        const struct task_assigned *data) {
    struct opened opened;
    memset(&opened, 0, sizeof opened);
    int r = check_assigned(context, data, &opened.row);
    if (r == 0)
        r = thing_name(context, NOUN_TASK, data->task, "data.task", &opened.number);
    if (r != 0)
        return r;
    const struct thing thing = {.defined_sequence = context->sequence,
                                .changed_sequence = context->sequence,
                                .state = TASK_ASSIGNED,
                                .attributes = event->data};
    thing_put(context, NOUN_TASK, opened.number, &thing);
    put(context, &opened);
    r = be_due(context, &opened);
    return r == 0 ? count(context, NULL, &opened.row) : r;
}

/* ---- reported, accepted, returned ---- */

static int open_task(struct context *context, struct str id, struct opened *ret_opened) {
    int r = thing_resolve(context, NOUN_TASK, id, "data.task", &ret_opened->number);
    if (r != 0)
        return r;
    r = thing_get(context->view, NOUN_TASK, ret_opened->number, context->arena, &ret_opened->thing);
    if (r == 0)
        r = task_get(context->view, ret_opened->number, &ret_opened->row);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a task has no row or no attributes");
    ret_opened->before = ret_opened->row;
    if (ret_opened->row.state == TASK_ACCEPTED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.task",
                           "task %.*s is accepted; assign a new one", STR_ARG(id));
    if (context_date(context) < ret_opened->row.assigned_on)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "time",
                           "nothing is done about a task before it is assigned; mend the time");
    return 0;
}

static int settle(struct context *context, struct opened *opened, enum task_state state) {
    opened->row.state = (uint8_t)state;
    opened->thing.state = (uint8_t)state;
    opened->thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_TASK, opened->number, &opened->thing);
    put(context, opened);
    return count(context, &opened->before, &opened->row);
}

int apply_task_reported(struct context *context, const struct event *event,
                        const struct task_reported *data) {
    struct opened opened;
    (void)event;
    int r = open_task(context, data->task, &opened);
    if (r != 0)
        return r;
    const struct task_assigned *task = opened.thing.attributes;
    struct task_row *row = &opened.row;
    if (row->state == TASK_REPORTED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.task",
                           "task %.*s is reported; it is to be accepted or returned first",
                           STR_ARG(data->task));
    if (row->n_steps >= TASK_STEPS_LIMIT)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.task",
                           "more than %d steps of one task; assign a new one", TASK_STEPS_LIMIT);
    const struct task_step step = {
        .kind = TASK_REPORTED,
        .by = HAS(data, task_reported, by) ? data->by : task->owner,
        .note = data->evidence.note,
        .digest = data->evidence.digest,
        .uri = data->evidence.uri,
    };
    row->reported_on = context_date(context);
    row->late = row->reported_on > row->due_on;
    put_step(context, &opened, &step);
    return settle(context, &opened, TASK_REPORTED);
}

/* Something is reported, and `by` is neither who reported it nor who answers for it. */
static int check_judge(struct context *context, const struct opened *opened, struct str id,
                       struct str by) {
    const struct task_assigned *task = opened->thing.attributes;
    struct task_step report;
    if (opened->row.state != TASK_REPORTED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.task",
                           "nothing is reported of task %.*s; its owner reports first "
                           "(task.reported)",
                           STR_ARG(id));
    int r = task_step_get(context->view, opened->number, opened->row.n_steps, &report);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a report of a task is not there");
    if (!str_equal(by, report.by) && !str_equal(by, task->owner))
        return 0;
    return problem_set(context->problem, PROBLEM_SELF_REVIEW, "data.by",
                       "%.*s reported this task or answers for it; somebody else accepts or "
                       "returns it",
                       STR_ARG(by));
}

static int judge(struct context *context, struct str id, const struct task_step *step) {
    struct opened opened;
    int r = open_task(context, id, &opened);
    if (r == 0)
        r = check_judge(context, &opened, id, step->by);
    if (r != 0)
        return r;
    opened.row.judged_on = context_date(context);
    put_step(context, &opened, step);
    if (step->kind == TASK_RETURNED) {
        opened.row.n_returned++;
        if (!opened.row.overdue_on && opened.row.due_on < context_today(context))
            r = be_due(context, &opened);
    }
    return r == 0 ? settle(context, &opened, step->kind) : r;
}

int apply_task_accepted(struct context *context, const struct event *event,
                        const struct task_accepted *data) {
    const struct task_step step = {.kind = TASK_ACCEPTED, .by = data->by};
    (void)event;
    return judge(context, data->task, &step);
}

int apply_task_returned(struct context *context, const struct event *event,
                        const struct task_returned *data) {
    const struct task_step step = {.kind = TASK_RETURNED, .by = data->by, .note = data->reason};
    (void)event;
    return judge(context, data->task, &step);
}

/* ---- overdue ---- */

int tasks_day_ended(struct context *context, int32_t date) {
    uint32_t n;
    int r = day_list_count(context->view, TABLE_TASK_DUE, date, &n);
    return r == 0 ? run_begin_between(context, RUN_TASKS, 0, date, 0, n) : r;
}

int apply_task_overdue(struct context *context, const struct event *event,
                       const struct task_overdue *data) {
    struct opened opened;
    (void)event;
    int r = open_task(context, data->task, &opened);
    if (r != 0)
        return r;
    if (!task_waits(&opened.row) || opened.row.overdue_on)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.task",
                           "task %.*s is reported, or known to be overdue", STR_ARG(data->task));
    opened.row.overdue_on = context_date(context);
    return settle(context, &opened, (enum task_state)opened.row.state);
}
