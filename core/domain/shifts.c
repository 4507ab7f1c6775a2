#include "domain/shifts.h"

#include "util/error.h"

#define SHIFT_KEY_BYTES (4 + EVENT_ID_LIMIT)

/* activity u32, shift id */
static struct str shift_key(char key[static SHIFT_KEY_BYTES], uint32_t activity, struct str shift) {
    size_t size = shift.size <= EVENT_ID_LIMIT ? shift.size : EVENT_ID_LIMIT;
    number_key(key, activity);
    if (size)
        memcpy(key + 4, shift.data, size);
    return (struct str){key, 4 + size};
}

int shift_get(struct view *view, uint32_t activity, struct str shift, struct shift_row *ret_row) {
    char key[SHIFT_KEY_BYTES];
    struct str row;
    int r = view_get(view, TABLE_SHIFT, shift_key(key, activity, shift), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (row.size != sizeof *ret_row)
        return error_note(-EBADMSG, "a shift's row cannot be read");
    memcpy(ret_row, row.data, sizeof *ret_row);
    return 0;
}

uint32_t shift_places_left(const struct shift_row *row) {
    return row->places > row->n_accepted ? row->places - row->n_accepted : 0;
}

void shift_put(struct context *context, uint32_t activity, struct str shift,
               const struct shift_row *row) {
    char key[SHIFT_KEY_BYTES];
    store_put(context->store, TABLE_SHIFT, shift_key(key, activity, shift),
              (struct str){(const char *)row, sizeof *row});
}

/* What is said now over what was counted until now. */
static int say(struct context *context, uint32_t activity, struct str shift,
               const struct moment *starts, const struct moment *ends, int64_t places) {
    struct shift_row row;
    int r = shift_get(context->view, activity, shift, &row);
    if (r < 0)
        return r;
    if (r > 0)
        memset(&row, 0, sizeof row);
    if (r == 0 && row.sequence == context->sequence)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.shifts",
                           "shift %.*s stands twice; give each an id of its own", STR_ARG(shift));
    row.starts_s = starts->us / MICROSECONDS;
    row.ends_s = ends->us / MICROSECONDS;
    row.sequence = context->sequence;
    row.places = (uint32_t)places;
    row.gone = 0;
    shift_put(context, activity, shift, &row);
    return 0;
}

static int leave_out(struct context *context, uint32_t activity, struct str shift) {
    struct shift_row row;
    int r = shift_get(context->view, activity, shift, &row);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a shift has no row");
    if (row.sequence == context->sequence)
        return 0;
    row.gone = 1;
    shift_put(context, activity, shift, &row);
    return 0;
}

int shifts_put(struct context *context, uint32_t activity, const struct activity_published *data,
               const struct activity_published *before) {
    const struct shift *shifts = data->shifts.items;
    int r = say(context, activity, STR_NONE, &data->starts, &data->ends, data->places);
    for (size_t i = 0; r == 0 && i < data->shifts.n; i++)
        r = say(context, activity, shifts[i].shift, &shifts[i].starts, &shifts[i].ends,
                shifts[i].places);
    shifts = before ? before->shifts.items : NULL;
    for (size_t i = 0; r == 0 && before && i < before->shifts.n; i++)
        r = leave_out(context, activity, shifts[i].shift);
    return r;
}

int shifts_cancel(struct context *context, uint32_t activity,
                  const struct activity_published *data) {
    const struct shift *shifts = data->shifts.items;
    int r = leave_out(context, activity, STR_NONE);
    for (size_t i = 0; r == 0 && i < data->shifts.n; i++)
        r = leave_out(context, activity, shifts[i].shift);
    return r;
}

int shift_open(struct context *context, uint32_t activity, struct str shift,
               struct shift_row *ret_row) {
    int r = shift_get(context->view, activity, shift, ret_row);
    if (r < 0 || (r == 0 && !ret_row->gone))
        return r;
    if (!shift.size)
        return r == 0 ? 0 : error_note(-EBADMSG, "an activity has no row of its time");
    return problem_set_unknown(context->problem, noun_info(NOUN_SHIFT)->name, "data.shift", shift);
}

static uint32_t plus(uint32_t value, int32_t by) {
    return (uint32_t)((int64_t)value + by);
}

static int count_one(struct context *context, uint32_t activity, struct str shift,
                     const struct shift_change *change) {
    struct shift_row row;
    int r = shift_get(context->view, activity, shift, &row);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a shift has no row");
    row.n_accepted = plus(row.n_accepted, change->accepted);
    row.n_waitlisted = plus(row.n_waitlisted, change->waitlisted);
    row.n_attended = plus(row.n_attended, change->attended);
    row.n_missed = plus(row.n_missed, change->missed);
    shift_put(context, activity, shift, &row);
    return 0;
}

int shift_count(struct context *context, uint32_t activity, struct str shift,
                const struct shift_change *change) {
    int r = count_one(context, activity, STR_NONE, change);
    return r == 0 && shift.size ? count_one(context, activity, shift, change) : r;
}

int shift_check_in(struct context *context, uint32_t activity, int64_t at_s, bool by_group,
                   uint32_t *ret_most) {
    struct shift_row row;
    int r = shift_get(context->view, activity, STR_NONE, &row);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "an activity has no row of its time");
    *ret_most = row.most_at_once;
    if (by_group)
        return 0;
    row.n_at_once = row.n_at_once && row.last_check_in_s == at_s ? row.n_at_once + 1 : 1;
    row.most_at_once = row.n_at_once > row.most_at_once ? row.n_at_once : row.most_at_once;
    row.last_check_in_s = at_s;
    *ret_most = row.most_at_once;
    shift_put(context, activity, STR_NONE, &row);
    return 0;
}

int shift_rate(struct context *context, uint32_t activity, int64_t rating) {
    struct shift_row row;
    int r = shift_get(context->view, activity, STR_NONE, &row);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "an activity has no row of its time");
    row.n_ratings++;
    row.rating_sum += (uint32_t)rating;
    shift_put(context, activity, STR_NONE, &row);
    return 0;
}
