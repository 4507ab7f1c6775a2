#include "domain/waiting.h"

#include "domain/activities.h"
#include "domain/runs.h"
#include "util/error.h"

/* So many entries are walked with the event, and so many of its questions may be raised already. */
#define WALKED_AT_ONCE 64
#define QUESTIONS_BEFORE (QUESTION_LIMIT / 2)
/* Nobody is moved up into what has begun, but where that goes on for days. */
#define LONG_S (24 * 60 * 60)

/* ---- reading ---- */

int waiting_nth(struct view *view, uint32_t list, uint32_t n, uint32_t *ret_enrolment,
                struct enrolment *ret_row) {
    int r = enrolment_nth(view, NOUN_SHIFT, list, n, ret_enrolment);
    if (r == 0)
        r = enrolment_get(view, *ret_enrolment, ret_row);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a list of those who wait leads nowhere");
    bool waits = ret_row->row.state == ENROLMENT_WAITLISTED && ret_row->row.waiting == n;
    return waits ? 0 : THING_NOT_FOUND;
}

int waiting_place(struct view *view, const struct enrolment *enrolment, uint32_t *ret_place) {
    struct shift_row shift;
    uint32_t place = 0, number;
    int r = 0;
    *ret_place = 0;
    if (enrolment->row.state != ENROLMENT_WAITLISTED || !enrolment->row.waiting)
        return 0;
    r = enrolment_shift(view, enrolment, &shift);
    for (uint32_t n = shift.waiting_first; r == 0 && n <= enrolment->row.waiting; n++) {
        struct enrolment other;
        int found = waiting_nth(view, shift.waiting, n, &number, &other);
        place += found == 0;
        r = found < 0 ? found : 0;
    }
    *ret_place = place;
    return r;
}

int waiting_shift(struct view *view, uint32_t list, struct shift_row *ret_shift) {
    struct enrolment enrolment;
    uint32_t number;
    int r = enrolment_nth(view, NOUN_SHIFT, list, 1, &number);
    if (r == 0)
        r = enrolment_get(view, number, &enrolment);
    if (r == 0)
        r = enrolment_shift(view, &enrolment, ret_shift);
    return r > 0 ? error_note(-EBADMSG, "a list of those who wait is of no shift") : r;
}

int waiting_may_move(struct view *view, const struct enrolment *enrolment, int32_t today,
                     bool *ret_may) {
    struct volunteer_row person;
    int r = volunteer_get(view, enrolment->row.volunteer, &person);
    *ret_may = r == 0 && person.state == VOLUNTEER_REGISTERED &&
               volunteer_standing(&person, today) == STANDING_GOOD;
    return r;
}

/* ---- writing ---- */

int waiting_join(struct context *context, uint32_t number, struct enrolment *enrolment) {
    struct enrolment_row *row = &enrolment->row;
    struct shift_row shift;
    int r = enrolment_shift(context->view, enrolment, &shift);
    if (r != 0)
        return r;
    if (!shift.waiting) {
        shift.waiting = number_next(context, "waiting");
        shift.waiting_first = 1;
        shift_put(context, row->activity, enrolment->shift, &shift);
    }
    r = enrolment_list_add(context, NOUN_SHIFT, shift.waiting, number);
    return r == 0 ? enrolment_count(context->view, NOUN_SHIFT, shift.waiting, &row->waiting) : r;
}

/* Entries at the head that hold no longer are passed over for good. */
int waiting_leave(struct context *context, const struct enrolment *enrolment) {
    struct shift_row shift;
    struct enrolment other;
    uint32_t last, number;
    int r = enrolment_shift(context->view, enrolment, &shift);
    if (r == 0)
        r = enrolment_count(context->view, NOUN_SHIFT, shift.waiting, &last);
    if (r != 0)
        return r;
    uint32_t first = shift.waiting_first;
    while (first <= last && (r = waiting_nth(context->view, shift.waiting, first, &number,
                                             &other)) == THING_NOT_FOUND)
        first++;
    if (r < 0 || first == shift.waiting_first)
        return r < 0 ? r : 0;
    shift.waiting_first = first;
    shift_put(context, enrolment->row.activity, enrolment->shift, &shift);
    return 0;
}

static bool takes_people(const struct context *context, const struct shift_row *shift) {
    int64_t now = context->event->time.us / MICROSECONDS;
    bool is_long = shift->ends_s - shift->starts_s > LONG_S;
    return !shift->gone && now < (is_long ? shift->ends_s : shift->starts_s);
}

static int begin_run(struct context *context, uint32_t activity, struct str name,
                     struct shift_row *shift, uint32_t after, uint32_t last) {
    const struct run_row run = {.kind = RUN_WAITING,
                                .as_of = context_date(context),
                                .first = after,
                                .last = last,
                                .subject = shift->waiting};
    shift->moving = 1;
    shift_put(context, activity, name, shift);
    return run_begin_as(context, &run);
}

int waiting_move_up(struct context *context, uint32_t activity, struct str name) {
    struct activity_summary summary;
    struct shift_row shift;
    uint32_t last;
    int r = shift_get(context->view, activity, name, &shift);
    if (r != 0)
        return r < 0 ? r : 0;
    if (!shift.waiting || shift.moving || !shift.n_waitlisted || !shift_places_left(&shift) ||
        !takes_people(context, &shift))
        return 0;
    r = activity_summary(context->view, activity, &summary);
    if (r == 0)
        r = enrolment_count(context->view, NOUN_SHIFT, shift.waiting, &last);
    if (r != 0 || summary.state != ACTIVITY_PUBLISHED || shift.waiting_first > last)
        return r;
    if (last - shift.waiting_first >= WALKED_AT_ONCE || context->n_questions > QUESTIONS_BEFORE)
        return begin_run(context, activity, name, &shift, shift.waiting_first - 1, last);
    context_ask_of(context, (struct question){.kind = POLICY_KIND_ELIGIBILITY,
                                              .number = shift.waiting,
                                              .date = context_date(context),
                                              .noun = NOUN_SHIFT});
    return 0;
}

int waiting_move_up_all(struct context *context, uint32_t activity,
                        const struct activity_published *data) {
    const struct shift *shifts = data->shifts.items;
    int r = waiting_move_up(context, activity, STR_NONE);
    for (size_t i = 0; r == 0 && i < data->shifts.n; i++)
        r = waiting_move_up(context, activity, shifts[i].shift);
    return r;
}

/* Whoever asked for a place meanwhile waits behind: it is their turn, if places are left. */
int waiting_run_ended(struct context *context, uint32_t list, uint32_t last) {
    struct enrolment enrolment;
    struct shift_row shift;
    uint32_t number, now_last;
    int r = enrolment_nth(context->view, NOUN_SHIFT, list, last, &number);
    if (r == 0)
        r = enrolment_get(context->view, number, &enrolment);
    if (r == 0)
        r = enrolment_shift(context->view, &enrolment, &shift);
    if (r == 0)
        r = enrolment_count(context->view, NOUN_SHIFT, list, &now_last);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a list of those who wait leads nowhere");
    struct str name = arena_copy(context->arena, enrolment.shift);
    shift.moving = 0;
    if (now_last > last && shift_places_left(&shift) && takes_people(context, &shift))
        return begin_run(context, enrolment.row.activity, name, &shift, last, now_last);
    shift_put(context, enrolment.row.activity, name, &shift);
    return 0;
}
