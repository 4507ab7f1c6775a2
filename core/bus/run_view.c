#include "bus/run_view.h"

#include "bus/methods_common.h"

/* What is left takes as long for each as what is done did. By the events' clock nothing can be said
 * about that. */
static json_t *ends_json(const struct query *query, const struct run_row *row) {
    uint32_t judged = row->cursor - row->first;
    const struct io *io = query->services->io;
    int64_t now_us = io->now_us(io->self);
    if (row->done)
        return json_from_time(query, row->progressed_us);
    if (judged == 0 || query->services->clock_from_events || now_us < row->since_us)
        return json_null();
    return json_from_time(query, now_us + (now_us - row->since_us) / judged *
                                              (int64_t)(row->last - row->cursor));
}

json_t *run_json(const struct query *query, uint32_t number, const struct run_row *row) {
    return json_pack(
        "{s:I, s:s, s:I, s:b, s:o, s:I, s:I, s:o, s:o, s:b}", "run", (json_int_t)number, "kind",
        run_kind_text((enum run_kind)row->kind), "cause", (json_int_t)row->cause, "schedule",
        row->scheduled != 0, "as_of", json_from_date(row->as_of, INT32_MIN), "judged",
        (json_int_t)(row->cursor - row->first), "total", (json_int_t)(row->last - row->first),
        "since", json_from_time(query, row->since_us), "ends", ends_json(query, row), "done",
        row->done != 0);
}

int runs_under_way(const struct query *query, json_t **ret_list) {
    uint32_t last = run_last(query->view);
    struct run_row row;
    json_t *list = json_array();
    int r = 0;
    for (uint32_t number = run_complete(query->view) + 1; r == 0 && number <= last; number++) {
        r = run_get(query->view, number, &row);
        if (r == 0 && !row.done)
            json_array_append_new(list, run_json(query, number, &row));
    }
    *ret_list = list;
    return r < 0 ? r : 0;
}

int runs_of_revisions(const struct query *query, uint32_t n, size_t most, json_t ***ret_lists) {
    json_t **lists = arena_alloc(query->arena, (n + 1) * sizeof *lists);
    struct run_row row;
    int r = 0;
    memset(lists, 0, (n + 1) * sizeof *lists);
    for (uint32_t number = run_last(query->view); r == 0 && number > 0; number--) {
        r = run_get(query->view, number, &row);
        if (r != 0 || row.revision == 0 || row.revision > n)
            continue;
        json_t **list = &lists[row.revision];
        if (!*list)
            *list = json_array();
        if (json_array_size(*list) < most)
            json_array_append_new(*list, run_json(query, number, &row));
    }
    *ret_lists = lists;
    return r < 0 ? r : 0;
}
