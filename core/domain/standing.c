#include "domain/standing.h"

#include "domain/enrolments.h"
#include "domain/person_months.h"
#include "util/error.h"

enum STANDING_choice volunteer_standing(const struct volunteer_row *row, int32_t on) {
    if (volunteer_has_left(row))
        return STANDING_DEREGISTERED;
    bool over =
        row->standing == STANDING_SUSPENDED && row->standing_until && row->standing_until < on;
    return over ? STANDING_GOOD : (enum STANDING_choice)row->standing;
}

int standing_of(struct view *view, uint32_t volunteer, struct standing_record *ret_standing) {
    char key[4];
    struct str row;
    memset(ret_standing, 0, sizeof *ret_standing);
    int r = view_get(view, TABLE_STANDING, number_key(key, volunteer), &row);
    if (r != 0)
        return r < 0 ? r : 0;
    struct cursor in = cursor_from(row);
    struct str fixed = cursor_take(&in, sizeof ret_standing->row);
    ret_standing->reason = cursor_counted(&in);
    ret_standing->by = cursor_counted(&in);
    if (in.failed)
        return error_note(-EBADMSG, "a standing's row cannot be read");
    memcpy(&ret_standing->row, fixed.data, sizeof ret_standing->row);
    return 0;
}

static void put(struct context *context, uint32_t volunteer, const struct standing_row *row,
                struct str reason, struct str by) {
    char key[4];
    struct buf *bytes = &context->scratch;
    buf_reset(bytes);
    buf_put(bytes, row, sizeof *row);
    buf_put_counted(bytes, reason);
    buf_put_counted(bytes, by);
    store_put(context->store, TABLE_STANDING, number_key(key, volunteer), buf_str(bytes));
}

static void ask(struct context *context, uint32_t volunteer, enum event_number event) {
    context_ask_of(context, (struct question){.kind = POLICY_KIND_STANDING,
                                              .number = volunteer,
                                              .date = context_date(context),
                                              .noun = NOUN_VOLUNTEER,
                                              .event = event});
}

void standing_ask(struct context *context, uint32_t volunteer) {
    ask(context, volunteer, 0);
}

void standing_ask_of_points(struct context *context, uint32_t volunteer) {
    ask(context, volunteer, EVENT_points_posted);
}

/* ---- what is refused ---- */

enum { OF_SUSPENDED = 1, OF_DEREGISTERED = 2, OF_BOTH = OF_SUSPENDED | OF_DEREGISTERED };

/* Everything else may happen: service that was done is recorded, complaints are settled, points
 * that were earned stay. */
static const struct {
    uint32_t event;
    unsigned whom;
} refused[] = {
    {EVENT_enrolment_requested, OF_BOTH},
    {EVENT_enrolment_reviewed, OF_BOTH}, /* to accepted */
    {EVENT_post_claimed, OF_BOTH},
    {EVENT_attendance_checked_in, OF_BOTH},
    {EVENT_reward_redeemed, OF_BOTH},
    {EVENT_star_applied, OF_BOTH},
    {EVENT_points_transferred, OF_DEREGISTERED}, /* from and to */
    {EVENT_points_adjusted, OF_DEREGISTERED},    /* what is given */
    {EVENT_team_joined, OF_DEREGISTERED},
    {EVENT_training_completed, OF_DEREGISTERED},
    {EVENT_service_recorded, OF_DEREGISTERED}, /* of days since */
    {EVENT_volunteer_suspended, OF_DEREGISTERED},
};

int standing_allows(struct context *context, const struct volunteer_row *row, struct str id,
                    const char *field) {
    char since[16];
    if (row->standing == STANDING_GOOD)
        return 0;
    enum STANDING_choice standing = volunteer_standing(row, context_date(context));
    unsigned whose = standing == STANDING_SUSPENDED      ? OF_SUSPENDED
                     : standing == STANDING_DEREGISTERED ? OF_DEREGISTERED
                                                         : 0;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        if (refused[i].event != context->event->type->number || !(refused[i].whom & whose))
            continue;
        date_format(row->standing_since, since);
        return problem_set(context->problem, PROBLEM_WRONG_STATE, field,
                           "volunteer %.*s is %s since %s; restore the person first "
                           "(volunteer.restored)",
                           STR_ARG(id), STANDING_choices.words[standing], since);
    }
    return 0;
}

/* ---- changes ---- */

struct change {
    enum STANDING_choice to;
    int32_t until; /* 0: no end */
    bool by_hand;
    bool restored;
    int32_t appeal_until; /* 0: not said */
    struct str reason;
    struct str by;
};

static int change(struct context *context, uint32_t volunteer, const struct volunteer_row *before,
                  const struct change *change) {
    struct standing_record record;
    struct volunteer_row after = *before;
    int r = standing_of(context->view, volunteer, &record);
    if (r != 0)
        return r;
    struct standing_row row = record.row;
    row.before_standing = before->standing;
    row.before_until = before->standing_until;
    row.before_since = before->standing_since;
    row.before_by_hand = row.by_hand;
    row.appeal_until = change->appeal_until;
    row.standing = after.standing = (uint8_t)change->to;
    row.until = after.standing_until = change->until;
    row.since = after.standing_since = context_date(context);
    row.restored_on = change->restored ? context_date(context) : row.restored_on;
    row.by_hand = change->by_hand;
    row.sequence = context->sequence;
    row.n_changes++;
    put(context, volunteer, &row, change->reason, change->by);
    r = volunteer_replace(context, volunteer, before, &after);
    if (r == 0 && change->to == STANDING_DEREGISTERED)
        r = enrolments_end(context, volunteer);
    return r;
}

int standing_undo(struct context *context, uint32_t volunteer) {
    struct volunteer_row before, after;
    struct standing_record record;
    int r = volunteer_get(context->view, volunteer, &before);
    if (r == 0)
        r = standing_of(context->view, volunteer, &record);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "an appeal names a volunteer who is not there");
    after = before;
    struct standing_row row = record.row;
    row.standing = after.standing = row.before_standing;
    row.until = after.standing_until = row.before_until;
    row.since = after.standing_since = row.before_since;
    row.restored_on = row.by_hand ? row.restored_on : context_date(context);
    row.by_hand = row.before_by_hand;
    row.appeal_until = 0;
    row.sequence = context->sequence;
    row.n_changes++;
    put(context, volunteer, &row, STR_NONE, STR_NONE);
    return volunteer_replace(context, volunteer, &before, &after);
}

/* Said again it takes the new reason and last day. */
int apply_volunteer_suspended(struct context *context, const struct event *event,
                              const struct volunteer_suspended *data) {
    (void)event;
    uint32_t number;
    struct volunteer_row row;
    int32_t until = HAS(data, volunteer_suspended, until) ? data->until : 0;
    int r = volunteer_open_registered(context, data->volunteer, &number, &row);
    if (r == 0)
        r = standing_allows(context, &row, data->volunteer, "data.volunteer");
    if (r != 0)
        return r;
    if (HAS(data, volunteer_suspended, until) &&
        (until < context_date(context) || !date_is_kept(until)))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.until",
                           "the last day of a suspension does not lie before it; leave it out "
                           "where there is no end");
    int32_t appeal_until = HAS(data, volunteer_suspended, appeal_until) ? data->appeal_until : 0;
    if (appeal_until && (appeal_until < context_date(context) || !date_is_kept(appeal_until)))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.appeal_until",
                           "the last day for an appeal does not lie before the suspension");
    struct change suspend = {.to = STANDING_SUSPENDED,
                             .until = until,
                             .by_hand = true,
                             .appeal_until = appeal_until,
                             .reason = data->reason,
                             .by = data->by};
    return change(context, number, &row, &suspend);
}

int apply_volunteer_restored(struct context *context, const struct event *event,
                             const struct volunteer_restored *data) {
    (void)event;
    uint32_t number;
    struct volunteer_row row;
    int r = volunteer_open_registered(context, data->volunteer, &number, &row);
    if (r != 0)
        return r;
    if (volunteer_standing(&row, context_date(context)) == STANDING_GOOD)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                           "volunteer %.*s is in good standing; there is nothing to restore",
                           STR_ARG(data->volunteer));
    struct change restore = {.to = STANDING_GOOD,
                             .by_hand = true,
                             .restored = true,
                             .reason = data->reason,
                             .by = STR_NONE};
    return change(context, number, &row, &restore);
}

int apply_standing_changed(struct context *context, const struct event *event,
                           const struct standing_changed *data) {
    (void)event;
    uint32_t number;
    struct volunteer_row row;
    int r = volunteer_open(context, data->volunteer, &number, &row);
    if (r != 0)
        return r;
    struct change decided = {.to = (enum STANDING_choice)data->to,
                             .until = HAS(data, standing_changed, until) ? data->until : 0,
                             .appeal_until =
                                 HAS(data, standing_changed, appeal_until) ? data->appeal_until : 0,
                             .reason = STR_NONE,
                             .by = STR_NONE};
    return change(context, number, &row, &decided);
}

int standing_take_over(struct context *context, uint32_t from, uint32_t into) {
    struct standing_record record;
    struct volunteer_row person;
    int32_t today = context_date(context);
    int r = standing_of(context->view, from, &record);
    if (r == 0)
        r = volunteer_get(context->view, into, &person);
    if (r != 0)
        return r;
    const struct standing_row *row = &record.row;
    bool over = row->standing == STANDING_SUSPENDED && row->until && row->until < today;
    if (!over && row->standing > volunteer_standing(&person, today)) {
        struct change taken = {.to = (enum STANDING_choice)row->standing,
                               .until = row->until,
                               .by_hand = row->by_hand,
                               .reason = arena_copy(context->arena, record.reason)};
        r = change(context, into, &person, &taken);
    }
    standing_ask(context, into);
    return r;
}
