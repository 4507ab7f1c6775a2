#include "bus/project_sums.h"

#include "bus/methods_common.h"
#include "domain/activities.h"
#include "domain/projects.h"

static void add(const struct project_window *window, const struct activity_summary *activity,
                struct project_sum *sum) {
    int32_t ago = window->last - activity->month;
    sum->activities++;
    sum->records += activity->n_records;
    sum->minutes += (int64_t)activity->minutes;
    if (activity->month > sum->last_month)
        sum->last_month = activity->month;
    if (ago < 0 || ago >= window->n_months || (sum->in_months & UINT64_C(1) << ago))
        return;
    sum->in_months |= UINT64_C(1) << ago;
    sum->months++;
}

int project_sums(struct query *query, const struct project_window *window, uint32_t n,
                 struct project_sum **ret_sums) {
    struct project_sum *sums = arena_alloc(query->arena, (n + 1) * sizeof *sums);
    uint32_t last = 0;
    memset(sums, 0, (n + 1) * sizeof *sums);
    int r = query_found(thing_count(query->view, NOUN_ACTIVITY, &last));
    for (uint32_t number = 1; r == 0 && number <= last; number++) {
        struct activity_summary activity;
        r = query_found(activity_summary(query->view, number, &activity));
        if (r == 0 && activity.project && activity.project <= n &&
            activity.state != ACTIVITY_CANCELLED)
            add(window, &activity, &sums[activity.project]);
    }
    *ret_sums = sums;
    return r;
}

static int stage(unsigned state, const struct project_sum *sum) {
    return state == PROJECT_CLOSED ? 2 : sum->activities > 0;
}

const char *project_stage(unsigned state, const struct project_sum *sum) {
    static const char *const words[] = {"defined", "active", "closed"};
    return words[stage(state, sum)];
}

const char *project_stage_label(unsigned state, const struct project_sum *sum) {
    static const char *const labels[] = {"已设立", "实施中", "已结项"};
    return labels[stage(state, sum)];
}
