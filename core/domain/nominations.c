/* What becomes of a nomination: reviewed stage by stage, shown to the public, awarded, withdrawn.
 * Reviews: nomination u32, n u32 -> sequence, day, approved, stage, by. */
#include "domain/honours.h"
#include "domain/merges.h"
#include "domain/points.h"
#include "domain/public_notices.h"
#include "util/error.h"

#define BIT(state) (1U << NOMINATION_##state)
#define REVIEWED_IN (BIT(NOMINATED) | BIT(REVIEWED))
#define AWARDED_IN (REVIEWED_IN | BIT(NOTICED) | BIT(PASSED))

/* ---- reviews ---- */

static struct str review_key(char key[static 8], uint32_t nomination, uint32_t n) {
    number_key(key, nomination);
    number_key(key + 4, n);
    return (struct str){key, 8};
}

int nomination_review_decode(struct str row, struct nomination_review *ret_review) {
    struct cursor in = cursor_from(row);
    ret_review->sequence = cursor_varint(&in);
    ret_review->on = (int32_t)cursor_signed(&in);
    ret_review->approved = cursor_varint(&in) != 0;
    ret_review->stage = cursor_counted(&in);
    ret_review->by = cursor_counted(&in);
    return in.failed;
}

int nomination_review_get(struct view *view, uint32_t nomination, uint32_t n,
                          struct nomination_review *ret_review) {
    char key[8];
    struct str row;
    int r = view_get(view, TABLE_NOMINATION_REVIEW, review_key(key, nomination, n), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    return nomination_review_decode(row, ret_review) == 0
               ? 0
               : error_note(-EBADMSG, "a review of a nomination cannot be read");
}

static void review_put(struct context *context, uint32_t nomination, uint32_t n,
                       const struct nomination_review *review) {
    char key[8];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put_varint(row, review->sequence);
    buf_put_signed(row, review->on);
    buf_put_varint(row, review->approved);
    buf_put_counted(row, review->stage);
    buf_put_counted(row, review->by);
    store_put(context->store, TABLE_NOMINATION_REVIEW, review_key(key, nomination, n),
              buf_str(row));
}

/* ---- the nomination that an event names ---- */

struct opened {
    uint32_t number;
    struct str id;
    struct nomination_row row;
    struct honour_defined honour;
};

static int load(struct context *context, uint32_t number, struct opened *ret_opened) {
    ret_opened->number = number;
    int r = nomination_get(context->view, number, &ret_opened->row);
    if (r == 0)
        r = honour_get(context->view, ret_opened->row.honour, context->arena, &ret_opened->honour);
    return r > 0 ? error_note(-EBADMSG, "a nomination has no row or no honour") : r;
}

static const char *state_of(const struct opened *opened) {
    return nomination_state_text((enum nomination_state)opened->row.state);
}

/* What may be done where something else may not. */
static const char *const hints[NOMINATION_STATES] = {
    [NOMINATION_REFUSED] = "; nominate anew, under an id of its own",
    [NOMINATION_WITHDRAWN] = "; nominate anew, under an id of its own",
    [NOMINATION_AWARDED] = "; it can only be withdrawn (honour.withdrawn)",
    [NOMINATION_NOTICED] = "; its public notice is under way (public_notice.ended)",
    [NOMINATION_PASSED] = "; award it (honour.awarded), or withdraw it (honour.withdrawn)",
};

/* Where it is in one of these states (bits). */
static int open_nomination(struct context *context, struct str id, unsigned states,
                           struct opened *ret_opened) {
    uint32_t number;
    int r = thing_resolve(context, NOUN_NOMINATION, id, "data.nomination", &number);
    if (r == 0)
        r = load(context, number, ret_opened);
    ret_opened->id = id;
    if (r != 0 || (states >> ret_opened->row.state & 1))
        return r;
    return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.nomination",
                       "nomination %.*s is %s%s", STR_ARG(id), state_of(ret_opened),
                       hints[ret_opened->row.state] ? hints[ret_opened->row.state] : "");
}

/* It is in that state from now on. */
static int step(struct context *context, struct opened *opened, enum nomination_state state) {
    int r = nomination_count(context, &opened->row, -1);
    opened->row.state = state;
    nomination_put(context, opened->number, &opened->row);
    return r == 0 ? nomination_count(context, &opened->row, 1) : r;
}

int honours_hours_changed(struct context *context, uint32_t volunteer) {
    struct nomination_row row;
    uint32_t number;
    int r = nomination_last(context->view, NOUN_VOLUNTEER, volunteer, &number);
    for (; r == 0 && number; number = row.previous) {
        r = nomination_get(context->view, number, &row);
        if (r != 0 || row.state == NOMINATION_REFUSED || row.state == NOMINATION_WITHDRAWN)
            continue;
        row.n_changed++;
        nomination_put(context, number, &row);
    }
    return r > 0 ? error_note(-EBADMSG, "a nomination has no row") : r;
}

/* ---- honour.reviewed ---- */

/* Whose turn it is, where the honour names its stages. */
static int check_order(struct context *context, const struct honour_reviewed *data,
                       const struct opened *opened) {
    const struct str *stages = opened->honour.stages.items;
    size_t n = opened->honour.stages.n, next = opened->row.n_approvals;
    if (n == 0 || (next < n && str_equal(stages[next], data->stage)))
        return 0;
    if (next >= n)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.stage",
                           "nomination %.*s has passed every stage; open its public notice "
                           "(public_notice.opened)",
                           STR_ARG(opened->id));
    return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.stage",
                       "the next stage of nomination %.*s is %.*s", STR_ARG(opened->id),
                       STR_ARG(stages[next]));
}

/* Nobody has two says about it. */
static int check_reviewer(struct context *context, const struct honour_reviewed *data,
                          const struct opened *opened) {
    struct thing thing;
    int r = thing_get(context->view, NOUN_NOMINATION, opened->number, context->arena, &thing);
    if (r != 0)
        return r > 0 ? error_note(-EBADMSG, "a nomination has no attributes") : r;
    const struct honour_nominated *nominated = thing.attributes;
    if (str_equal(nominated->by, data->by) || str_equal(nominated->subject.id, data->by))
        return problem_set(context->problem, PROBLEM_SELF_REVIEW, "data.by",
                           "%.*s %s; another person reviews the nomination", STR_ARG(data->by),
                           str_equal(nominated->by, data->by) ? "nominated" : "is nominated");
    for (uint32_t i = 1; i <= opened->row.n_reviews; i++) {
        struct nomination_review review;
        r = nomination_review_get(context->view, opened->number, i, &review);
        if (r != 0)
            return r > 0 ? error_note(-EBADMSG, "a nomination's review is missing") : r;
        if (str_equal(review.stage, data->stage))
            return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.stage",
                               "nomination %.*s has passed the stage %.*s; name the next one",
                               STR_ARG(opened->id), STR_ARG(data->stage));
        if (str_equal(review.by, data->by))
            return problem_set(context->problem, PROBLEM_SELF_REVIEW, "data.by",
                               "%.*s reviewed the stage %.*s; another person reviews this one",
                               STR_ARG(data->by), STR_ARG(review.stage));
    }
    return 0;
}

int apply_honour_reviewed(struct context *context, const struct event *event,
                          const struct honour_reviewed *data) {
    (void)event;
    struct opened opened;
    bool approved = data->outcome == REVIEW_ACCEPTED;
    int r = open_nomination(context, data->nomination, REVIEWED_IN, &opened);
    if (r == 0)
        r = check_order(context, data, &opened);
    if (r == 0)
        r = check_reviewer(context, data, &opened);
    if (r != 0)
        return r;
    review_put(context, opened.number, ++opened.row.n_reviews,
               &(struct nomination_review){.sequence = context->sequence,
                                           .on = context_date(context),
                                           .approved = approved,
                                           .stage = data->stage,
                                           .by = data->by});
    opened.row.n_approvals += approved;
    return step(context, &opened, approved ? NOMINATION_REVIEWED : NOMINATION_REFUSED);
}

/* ---- public notice ---- */

static int check_approvals(struct context *context, const struct opened *opened,
                           const char *field) {
    uint32_t needed = honour_approvals(&opened->honour);
    if (opened->row.n_approvals >= needed)
        return 0;
    return problem_set(context->problem, PROBLEM_WRONG_STATE, field,
                       "nomination %.*s has %u of %u approvals; another person reviews the next "
                       "stage first (honour.reviewed)",
                       STR_ARG(opened->id), opened->row.n_approvals, needed);
}

int nomination_notice_check(struct context *context, uint32_t number, int64_t working_days) {
    struct opened opened;
    int r = load(context, number, &opened);
    if (r == 0)
        r = thing_id(context->view, NOUN_NOMINATION, number, context->arena, &opened.id);
    if (r == 0 && !(REVIEWED_IN >> opened.row.state & 1))
        r = problem_set(context->problem, PROBLEM_WRONG_STATE, "data.subject",
                        "nomination %.*s is %s; there is nothing to give notice of",
                        STR_ARG(opened.id), state_of(&opened));
    if (r == 0)
        r = check_approvals(context, &opened, "data.subject");
    uint32_t least = r == 0 ? honour_notice_days(&opened.honour) : 0;
    if (r == 0 && working_days < least)
        r = problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.working_days",
                        "this honour's public notice lasts %u working days or more", least);
    return r;
}

int nomination_noticed(struct context *context, uint32_t number, uint32_t notice) {
    struct opened opened;
    int r = load(context, number, &opened);
    if (r != 0)
        return r;
    opened.row.notice = notice;
    return step(context, &opened, NOMINATION_NOTICED);
}

int nomination_notice_ended(struct context *context, uint32_t number, bool passed) {
    struct opened opened;
    int r = load(context, number, &opened);
    if (r != 0 || opened.row.state != NOMINATION_NOTICED)
        return r; /* it was withdrawn meanwhile */
    return step(context, &opened, passed ? NOMINATION_PASSED : NOMINATION_REFUSED);
}

/* ---- honour.awarded, honour.withdrawn ---- */

static int check_notice(struct context *context, const struct honour_awarded *data,
                        const struct opened *opened) {
    struct public_notice_row notice;
    char until[16];
    uint32_t days = honour_notice_days(&opened->honour);
    if (!opened->row.notice)
        return days ? problem_set(context->problem, PROBLEM_WRONG_STATE, "data.nomination",
                                  "nomination %.*s needs a public notice of %u working days that "
                                  "passed; open it first (public_notice.opened about it)",
                                  STR_ARG(opened->id), days)
                    : 0;
    int r = public_notice_get(context->view, opened->row.notice, &notice);
    if (r != 0)
        return r > 0 ? error_note(-EBADMSG, "a nomination's public notice is missing") : r;
    date_format(notice.until, until);
    if (opened->row.state == NOMINATION_NOTICED)
        return problem_set(
            context->problem, PROBLEM_WRONG_STATE, "data.nomination",
            "the public notice of nomination %.*s lasts until %s%s", STR_ARG(opened->id), until,
            notice.n_objections ? ", and somebody objected; end it (public_notice.ended)"
                                : "; award it when that has passed");
    return data->on > notice.until
               ? 0
               : problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.on",
                             "the public notice lasted until %s; the award comes after it", until);
}

/* Rules may grant for it, or take back what they granted. */
static int ask_points(struct context *context, const struct nomination_row *row,
                      enum event_number event) {
    uint32_t person = row->noun == NOUN_VOLUNTEER ? row->subject : 0;
    int r = volunteer_survivor(context->view, &person);
    if (r == 0 && person)
        points_ask_volunteer(context, person, event);
    return r;
}

int apply_honour_awarded(struct context *context, const struct event *event,
                         const struct honour_awarded *data) {
    (void)event;
    struct opened opened;
    int r = open_nomination(context, data->nomination, AWARDED_IN, &opened);
    if (r == 0)
        r = check_approvals(context, &opened, "data.nomination");
    if (r == 0)
        r = check_notice(context, data, &opened);
    if (r != 0)
        return r;
    opened.row.awarded_on = data->on;
    opened.row.settled = context->sequence;
    r = step(context, &opened, NOMINATION_AWARDED);
    return r == 0 ? ask_points(context, &opened.row, EVENT_honour_awarded) : r;
}

int apply_honour_withdrawn(struct context *context, const struct event *event,
                           const struct honour_withdrawn *data) {
    (void)event;
    struct opened opened;
    int r = open_nomination(context, data->nomination, AWARDED_IN | BIT(AWARDED), &opened);
    if (r != 0)
        return r;
    bool was_awarded = opened.row.state == NOMINATION_AWARDED;
    opened.row.withdrawn_on = context_date(context);
    opened.row.settled = context->sequence;
    r = step(context, &opened, NOMINATION_WITHDRAWN);
    return r == 0 && was_awarded ? ask_points(context, &opened.row, EVENT_honour_withdrawn) : r;
}
