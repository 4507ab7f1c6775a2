#include "domain/emergencies.h"

#include "domain/regions.h"
#include "util/error.h"

/* ---- reading ---- */

int emergency_get(struct view *view, uint32_t number, struct emergency *ret_emergency) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_EMERGENCY, number_key(key, number), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    struct cursor in = cursor_from(row);
    struct str fixed = cursor_take(&in, sizeof ret_emergency->row);
    ret_emergency->ended_by = cursor_counted(&in);
    if (in.failed)
        return error_note(-EBADMSG, "an emergency's row cannot be read");
    memcpy(&ret_emergency->row, fixed.data, sizeof ret_emergency->row);
    return 0;
}

/* The one of the region itself; 0: none. */
static int of_region(struct view *view, uint32_t region, uint32_t *ret_emergency) {
    char key[4];
    struct str row;
    *ret_emergency = 0;
    int r = view_get(view, TABLE_IN_EMERGENCY, number_key(key, region), &row);
    if (r != 0)
        return r < 0 ? r : 0;
    if (row.size != sizeof *ret_emergency)
        return error_note(-EBADMSG, "the emergency of a region cannot be read");
    memcpy(ret_emergency, row.data, sizeof *ret_emergency);
    return 0;
}

int emergency_in(struct view *view, uint32_t region, uint32_t *ret_emergency) {
    uint32_t path[REGION_DEPTH];
    size_t n = region_path(view, region, path);
    for (size_t i = 0; i < n; i++) {
        int r = of_region(view, path[i], ret_emergency);
        if (r != 0 || *ret_emergency)
            return r;
    }
    return THING_NOT_FOUND;
}

/* ---- declared, ended ---- */

static void put(struct context *context, uint32_t number, const struct emergency *emergency) {
    char key[4];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put(row, &emergency->row, sizeof emergency->row);
    buf_put_counted(row, emergency->ended_by);
    store_put(context->store, TABLE_EMERGENCY, number_key(key, number), buf_str(row));
}

static void put_in_region(struct context *context, uint32_t region, uint32_t emergency) {
    char key[4];
    store_put(context->store, TABLE_IN_EMERGENCY, number_key(key, region),
              (struct str){(const char *)&emergency, sizeof emergency});
}

/* An emergency that was declared once is not declared again, in force or not. */
static int check_new(struct context *context, struct str id) {
    struct thing thing;
    uint32_t number;
    int r = thing_find(context->view, NOUN_EMERGENCY, id, &number);
    if (r == 0)
        r = thing_get(context->view, NOUN_EMERGENCY, number, context->arena, &thing);
    else
        return r < 0 ? r : 0;
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "an emergency has no attributes");
    return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.emergency",
                       "emergency %.*s %s; a new one has an id of its own", STR_ARG(id),
                       thing.state == EMERGENCY_DECLARED ? "is declared already"
                                                         : "was declared, and has ended");
}

static int check_region_free(struct context *context, uint32_t region, struct str code) {
    uint32_t other;
    struct str id;
    int r = of_region(context->view, region, &other);
    if (r == 0 && other)
        r = thing_id(context->view, NOUN_EMERGENCY, other, context->arena, &id);
    if (r != 0 || !other)
        return r;
    return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.region",
                       "emergency %.*s is declared for %.*s; end it first (emergency.ended)",
                       STR_ARG(id), STR_ARG(code));
}

int apply_emergency_declared(struct context *context, const struct event *event,
                             const struct emergency_declared *data) {
    struct emergency emergency = {.ended_by = STR_NONE};
    struct emergency_row *row = &emergency.row;
    uint32_t number;
    memset(row, 0, sizeof *row);
    int r = thing_resolve(context, NOUN_REGION, data->region, "data.region", &row->region);
    if (r == 0)
        r = check_new(context, data->emergency);
    if (r == 0)
        r = check_region_free(context, row->region, data->region);
    if (r == 0)
        r = thing_count(context->view, NOUN_ACTIVITY, &row->first_activity);
    if (r == 0)
        r = thing_name(context, NOUN_EMERGENCY, data->emergency, "data.emergency", &number);
    if (r != 0)
        return r;
    const struct thing thing = {.defined_sequence = context->sequence,
                                .changed_sequence = context->sequence,
                                .state = EMERGENCY_DECLARED,
                                .attributes = event->data};
    row->declared_s = event->time.us / MICROSECONDS;
    thing_put(context, NOUN_EMERGENCY, number, &thing);
    put(context, number, &emergency);
    put_in_region(context, row->region, number);
    return 0;
}

static int check_end(struct context *context, const struct emergency_ended *data,
                     const struct thing *thing, const struct emergency_row *row) {
    uint32_t region;
    int r = thing_resolve(context, NOUN_REGION, data->region, "data.region", &region);
    if (r != 0)
        return r;
    if (thing->state != EMERGENCY_DECLARED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.emergency",
                           "emergency %.*s has ended already; there is nothing left to end",
                           STR_ARG(data->emergency));
    if (region != row->region) {
        const struct emergency_declared *declared = thing->attributes;
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.region",
                           "emergency %.*s was declared for %.*s; name that region",
                           STR_ARG(data->emergency), STR_ARG(declared->region));
    }
    if (context->event->time.us / MICROSECONDS < row->declared_s)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.emergency",
                           "emergency %.*s was declared later than this; mend the event's time",
                           STR_ARG(data->emergency));
    return 0;
}

int apply_emergency_ended(struct context *context, const struct event *event,
                          const struct emergency_ended *data) {
    struct emergency emergency;
    struct thing thing;
    uint32_t number;
    int r = thing_resolve(context, NOUN_EMERGENCY, data->emergency, "data.emergency", &number);
    if (r != 0)
        return r;
    r = thing_get(context->view, NOUN_EMERGENCY, number, context->arena, &thing);
    if (r == 0)
        r = emergency_get(context->view, number, &emergency);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "an emergency has no row");
    r = check_end(context, data, &thing, &emergency.row);
    if (r == 0)
        r = thing_count(context->view, NOUN_ACTIVITY, &emergency.row.last_activity);
    if (r != 0)
        return r;
    emergency.row.ended_s = event->time.us / MICROSECONDS;
    emergency.ended_by = data->by;
    thing.state = EMERGENCY_ENDED;
    thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_EMERGENCY, number, &thing);
    put(context, number, &emergency);
    put_in_region(context, emergency.row.region, 0);
    return 0;
}
