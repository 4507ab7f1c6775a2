/* Tasks (任务): what an organisation is to do by a day, who answers for it there (owner), what was
 * reported as done with which evidence, and whether that was accepted or sent back. Whoever
 * reported does not accept.
 *
 *   assigned ─ reported ─ accepted
 *                  └ returned ─ reported …
 *
 * A task of which nothing is reported when its last day is over is overdue: it stands on that day's
 * list (domain/day_lists.h), and the midnight begins a run over the list, which says so of each
 * (task.overdue), once. It is overdue until something is reported, which is late then, and again
 * when that is returned. One that is returned after its day is looked at at the next midnight.
 *
 * Threads: the view's owner. */
#pragma once

#include "domain/campaigns.h"

/* Numbers stand in rows and are for ever. */
enum task_state { TASK_ASSIGNED, TASK_REPORTED, TASK_ACCEPTED, TASK_RETURNED, TASK_STATES };

struct task_row {
    uint32_t notice;   /* 0: of none */
    uint32_t campaign; /* that of the notice */
    uint32_t organisation;
    uint32_t region; /* where it lay when the task was assigned */
    int32_t assigned_on;
    int32_t due_on;
    int32_t reported_on; /* the last time; 0: never */
    int32_t judged_on;   /* accepted or returned, the last time; 0: never */
    int32_t overdue_on;  /* the day on which it was found overdue; 0: never was */
    uint32_t n_steps;
    uint16_t n_returned;
    uint8_t state; /* enum task_state */
    uint8_t late;  /* the last report came after the last day */
};
_Static_assert(sizeof(struct task_row) == 44, "a row has no gaps");

int task_get(struct view *view, uint32_t task, struct task_row *ret_row);
const char *task_state_text(enum task_state state);
/* Nothing is reported, or it was returned: whoever owns it has to act. */
bool task_waits(const struct task_row *row);
bool task_is_overdue(const struct task_row *row);
/* Whether it is to be found overdue, that day being over. */
bool task_is_due(const struct task_row *row, int32_t date);
/* What it is counted as, added. */
void task_figures(const struct task_row *row, struct campaign_figures *figures);

/* What was done about it, in order from 1; its kind is the state it led to. */
struct task_step {
    enum task_state kind;
    int32_t on;
    uint64_t sequence;
    struct str by;
    struct str note; /* of the evidence, or why it was returned */
    struct str digest;
    struct str uri;
};
int task_step_get(struct view *view, uint32_t task, uint32_t n, struct task_step *ret_step);
/* A row's bytes. 0, > 0 where they are not of this form. */
int task_step_decode(struct str row, struct task_step *ret_step);

/* ---- for apply functions ---- */

#define TASK_STEPS_LIMIT 400
/* A day is over: a run is to look at those that were due. */
int tasks_day_ended(struct context *context, int32_t date);
