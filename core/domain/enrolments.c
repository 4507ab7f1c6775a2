#include "domain/enrolments.h"

#include "domain/activities.h"
#include "domain/posts.h"
#include "domain/waiting.h"
#include "util/error.h"

/* The lists, all in one table: kind u8, then
 * LIST_PAIR: noun u8, activity or post u32, volunteer u32 -> numbers of their enrolments, one a
 * shift;
 * LIST_OF: noun u8, number u32 (of a volunteer, an activity, a post, or a list of those who wait),
 * n u32 -> the n-th number; n 0: how many. */
enum { LIST_PAIR, LIST_OF };
#define LIST_KEY_BYTES 10

static struct str list_key(char key[static LIST_KEY_BYTES], int list, enum noun noun,
                           uint32_t first, uint32_t second) {
    key[0] = (char)list;
    key[1] = (char)noun;
    number_key(key + 2, first);
    number_key(key + 6, second);
    return (struct str){key, LIST_KEY_BYTES};
}

const char *enrolment_state_text(enum enrolment_state state) {
    static const char *const texts[ENROLMENT_STATES] = {
        [ENROLMENT_NONE] = "not_enrolled", [ENROLMENT_REQUESTED] = "requested",
        [ENROLMENT_ACCEPTED] = "accepted", [ENROLMENT_WAITLISTED] = "waitlisted",
        [ENROLMENT_REFUSED] = "refused",   [ENROLMENT_CANCELLED] = "cancelled",
        [ENROLMENT_OFFERED] = "offered"};
    return state < ENROLMENT_STATES ? texts[state] : "unknown";
}

/* ---- reading ---- */

int enrolment_get(struct view *view, uint32_t number, struct enrolment *ret_enrolment) {
    char key[4];
    struct str row;
    int r =
        number ? view_get(view, TABLE_ENROLMENT, number_key(key, number), &row) : STORE_NOT_FOUND;
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    struct cursor in = cursor_from(row);
    struct str fixed = cursor_take(&in, sizeof ret_enrolment->row);
    ret_enrolment->shift = cursor_counted(&in);
    ret_enrolment->agreement = cursor_counted(&in);
    if (in.failed)
        return error_note(-EBADMSG, "an enrolment's row cannot be read");
    memcpy(&ret_enrolment->row, fixed.data, sizeof ret_enrolment->row);
    return 0;
}

/* A number in a list; 0 where there is no row. */
static int list_get(struct view *view, struct str key, uint32_t *ret_value) {
    struct str row;
    *ret_value = 0;
    int r = view_get(view, TABLE_ENROLMENT_LIST, key, &row);
    if (r != 0)
        return r < 0 ? r : 0;
    if (row.size != sizeof *ret_value)
        return error_note(-EBADMSG, "a list of enrolments cannot be read");
    memcpy(ret_value, row.data, sizeof *ret_value);
    return 0;
}

int enrolment_count(struct view *view, enum noun noun, uint32_t number, uint32_t *ret_count) {
    char key[LIST_KEY_BYTES];
    return list_get(view, list_key(key, LIST_OF, noun, number, 0), ret_count);
}

int enrolment_nth(struct view *view, enum noun noun, uint32_t number, uint32_t n,
                  uint32_t *ret_enrolment) {
    char key[LIST_KEY_BYTES];
    int r = list_get(view, list_key(key, LIST_OF, noun, number, n), ret_enrolment);
    return r == 0 && !*ret_enrolment ? THING_NOT_FOUND : r;
}

static int pair_get(struct view *view, enum noun noun, uint32_t number, uint32_t volunteer,
                    struct str *ret_row) {
    char key[LIST_KEY_BYTES];
    *ret_row = STR("");
    int r = view_get(view, TABLE_ENROLMENT_LIST, list_key(key, LIST_PAIR, noun, number, volunteer),
                     ret_row);
    return r < 0 ? r : 0;
}

int enrolment_pair_count(struct view *view, enum noun noun, uint32_t number, uint32_t volunteer,
                         uint32_t *ret_count) {
    struct str row;
    int r = pair_get(view, noun, number, volunteer, &row);
    *ret_count = (uint32_t)(row.size / sizeof(uint32_t));
    return r;
}

int enrolment_pair_nth(struct view *view, enum noun noun, uint32_t number, uint32_t volunteer,
                       uint32_t i, uint32_t *ret_enrolment) {
    struct str row;
    int r = pair_get(view, noun, number, volunteer, &row);
    if (r != 0 || (i + 1) * sizeof(uint32_t) > row.size)
        return r < 0 ? r : THING_NOT_FOUND;
    memcpy(ret_enrolment, row.data + i * sizeof(uint32_t), sizeof(uint32_t));
    return 0;
}

static bool same_shift(struct str a, struct str b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

int enrolment_find(struct view *view, enum noun noun, uint32_t number, uint32_t volunteer,
                   struct str shift, uint32_t *ret_enrolment) {
    uint32_t count, candidate;
    int r = enrolment_pair_count(view, noun, number, volunteer, &count);
    for (uint32_t i = 0; r == 0 && i < count; i++) {
        struct enrolment enrolment;
        r = enrolment_pair_nth(view, noun, number, volunteer, i, &candidate);
        if (r == 0)
            r = enrolment_get(view, candidate, &enrolment);
        if (r != 0)
            return r < 0 ? r : error_note(-EBADMSG, "a list names an enrolment that is not there");
        if (!same_shift(enrolment.shift, shift))
            continue;
        *ret_enrolment = candidate;
        return 0;
    }
    return r < 0 ? r : THING_NOT_FOUND;
}

int enrolment_shift(struct view *view, const struct enrolment *enrolment,
                    struct shift_row *ret_shift) {
    if (!enrolment->row.activity)
        return THING_NOT_FOUND;
    int r = shift_get(view, enrolment->row.activity, enrolment->shift, ret_shift);
    return r > 0 ? error_note(-EBADMSG, "the shift of an enrolment has no row") : r;
}

int enrolment_region(struct view *view, const struct enrolment *enrolment, uint32_t *ret_region) {
    struct activity_summary activity;
    if (enrolment->row.post)
        return post_region(view, enrolment->row.post, ret_region);
    int r = activity_summary(view, enrolment->row.activity, &activity);
    if (r == 0)
        *ret_region = activity.region;
    return r;
}

int enrolment_places_left(struct view *view, const struct enrolment *enrolment,
                          uint32_t *ret_places) {
    struct shift_row shift;
    if (enrolment->row.post)
        return post_places_left(view, enrolment->row.post, ret_places);
    int r = enrolment_shift(view, enrolment, &shift);
    if (r == 0)
        *ret_places = shift_places_left(&shift);
    return r;
}

int enrolment_places_offered(struct view *view, const struct enrolment *enrolment,
                             uint32_t *ret_places) {
    struct shift_row shift;
    int r = enrolment_places_left(view, enrolment, ret_places);
    if (r != 0 || enrolment->row.post || enrolment->row.state == ENROLMENT_WAITLISTED)
        return r;
    r = enrolment_shift(view, enrolment, &shift);
    if (r == 0 && shift.moving)
        *ret_places = 0;
    return r;
}

/* Whether the enrolment is accepted and takes place within those times. */
static int is_within(struct view *view, uint32_t number, const struct shift_row *times,
                     bool *ret_within) {
    struct enrolment other;
    struct shift_row shift;
    *ret_within = false;
    int r = enrolment_get(view, number, &other);
    if (r != 0 || other.row.state != ENROLMENT_ACCEPTED || !other.row.activity)
        return r;
    r = enrolment_shift(view, &other, &shift);
    *ret_within =
        r == 0 && !shift.gone && shift.starts_s < times->ends_s && shift.ends_s > times->starts_s;
    return r;
}

int enrolment_overlaps(struct view *view, uint32_t number, const struct enrolment *enrolment,
                       uint32_t *ret_numbers, size_t limit) {
    uint32_t volunteer = enrolment->row.volunteer, count, found = 0;
    struct shift_row times;
    int r = enrolment_shift(view, enrolment, &times);
    if (r != 0)
        return r < 0 ? r : 0; /* a post has no hours */
    r = enrolment_count(view, NOUN_VOLUNTEER, volunteer, &count);
    uint32_t last = count > ENROLMENT_OVERLAPS_LOOKED ? count - ENROLMENT_OVERLAPS_LOOKED : 0;
    for (uint32_t n = count; r == 0 && n > last && found < limit; n--) {
        uint32_t other;
        bool within = false;
        r = enrolment_nth(view, NOUN_VOLUNTEER, volunteer, n, &other);
        if (r == 0 && other != number)
            r = is_within(view, other, &times, &within);
        if (r == 0 && within)
            ret_numbers[found++] = other;
    }
    return r > 0   ? error_note(-EBADMSG, "a list of enrolments leads nowhere")
           : r < 0 ? r
                   : (int)found;
}

/* ---- writing ---- */

void enrolment_put(struct context *context, uint32_t number, const struct enrolment *enrolment) {
    char key[4];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put(row, &enrolment->row, sizeof enrolment->row);
    buf_put_counted(row, enrolment->shift);
    buf_put_counted(row, enrolment->agreement);
    store_put(context->store, TABLE_ENROLMENT, number_key(key, number), buf_str(row));
}

static void put_list(struct context *context, struct str key, uint32_t value) {
    store_put(context->store, TABLE_ENROLMENT_LIST, key,
              (struct str){(const char *)&value, sizeof value});
}

int enrolment_list_add(struct context *context, enum noun noun, uint32_t number,
                       uint32_t enrolment) {
    char key[LIST_KEY_BYTES];
    uint32_t count;
    int r = enrolment_count(context->view, noun, number, &count);
    if (r != 0)
        return r;
    put_list(context, list_key(key, LIST_OF, noun, number, 0), count + 1);
    put_list(context, list_key(key, LIST_OF, noun, number, count + 1), enrolment);
    return 0;
}

static int pair_add(struct context *context, enum noun noun, uint32_t number, uint32_t volunteer,
                    uint32_t enrolment) {
    char key[LIST_KEY_BYTES];
    struct str row;
    int r = pair_get(context->view, noun, number, volunteer, &row);
    if (r != 0)
        return r;
    buf_reset(&context->scratch);
    buf_put_str(&context->scratch, row);
    buf_put(&context->scratch, &enrolment, sizeof enrolment);
    store_put(context->store, TABLE_ENROLMENT_LIST,
              list_key(key, LIST_PAIR, noun, number, volunteer), buf_str(&context->scratch));
    return 0;
}

static int create(struct context *context, enum noun noun, uint32_t number,
                  const struct enrolment *enrolment, uint32_t *ret_number) {
    uint32_t volunteer = enrolment->row.volunteer;
    *ret_number = number_next(context, noun_info(NOUN_ENROLMENT)->name);
    enrolment_put(context, *ret_number, enrolment);
    int r = pair_add(context, noun, number, volunteer, *ret_number);
    if (r == 0)
        r = enrolment_list_add(context, noun, number, *ret_number);
    return r == 0 ? enrolment_list_add(context, NOUN_VOLUNTEER, volunteer, *ret_number) : r;
}

int enrolment_open(struct context *context, enum noun noun, uint32_t number, uint32_t volunteer,
                   struct str shift, uint32_t *ret_number, struct enrolment *ret_enrolment) {
    int r = enrolment_find(context->view, noun, number, volunteer, shift, ret_number);
    if (r < 0)
        return r;
    if (r == 0) {
        r = enrolment_get(context->view, *ret_number, ret_enrolment);
        ret_enrolment->shift = arena_copy(context->arena, ret_enrolment->shift);
        ret_enrolment->agreement = arena_copy(context->arena, ret_enrolment->agreement);
        return r;
    }
    memset(ret_enrolment, 0, sizeof *ret_enrolment);
    ret_enrolment->row.volunteer = volunteer;
    ret_enrolment->row.activity = noun == NOUN_ACTIVITY ? number : 0;
    ret_enrolment->row.post = noun == NOUN_POST ? number : 0;
    ret_enrolment->shift = shift;
    ret_enrolment->agreement = STR_NONE;
    return create(context, noun, number, ret_enrolment, ret_number);
}

int enrolment_set_state(struct context *context, uint32_t number, struct enrolment *enrolment,
                        enum enrolment_state state) {
    struct enrolment_row *row = &enrolment->row;
    struct shift_change change = {
        .accepted = (state == ENROLMENT_ACCEPTED) - (row->state == ENROLMENT_ACCEPTED),
        .waitlisted = (state == ENROLMENT_WAITLISTED) - (row->state == ENROLMENT_WAITLISTED)};
    int r = change.waitlisted > 0 && row->activity ? waiting_join(context, number, enrolment) : 0;
    if (r != 0)
        return r;
    row->n_changes += row->state != ENROLMENT_NONE;
    row->state = (uint8_t)state;
    bool waits = state == ENROLMENT_REQUESTED || state == ENROLMENT_OFFERED;
    row->decision = waits ? 0 : context->sequence;
    enrolment_put(context, number, enrolment);
    if (!change.accepted && !change.waitlisted)
        return 0;
    if (row->post)
        return post_count(context, row->post, change.accepted, change.waitlisted);
    r = shift_count(context, row->activity, enrolment->shift, &change);
    if (r == 0 && change.waitlisted < 0)
        r = waiting_leave(context, enrolment);
    if (r == 0 && change.accepted < 0)
        r = waiting_move_up(context, row->activity, enrolment->shift);
    return r;
}

static bool is_asked_for(const struct enrolment *enrolment) {
    return enrolment->row.state == ENROLMENT_REQUESTED ||
           enrolment->row.state == ENROLMENT_ACCEPTED ||
           enrolment->row.state == ENROLMENT_WAITLISTED;
}

static bool is_open(const struct enrolment *enrolment) {
    return is_asked_for(enrolment) || enrolment->row.state == ENROLMENT_OFFERED;
}

static int complain_open(struct context *context, const struct enrolment *enrolment,
                         const char *field) {
    return problem_set(context->problem, PROBLEM_WRONG_STATE, field,
                       "this was asked for already and is %s; cancel it first",
                       enrolment_state_text((enum enrolment_state)enrolment->row.state));
}

int enrolment_require_none(struct context *context, const struct enrolment *enrolment,
                           const char *field) {
    return is_open(enrolment) ? complain_open(context, enrolment, field) : 0;
}

int enrolment_request(struct context *context, uint32_t number, struct enrolment *enrolment,
                      const char *field) {
    struct enrolment_row *row = &enrolment->row;
    if (is_asked_for(enrolment))
        return complain_open(context, enrolment, field);
    row->n_requests++;
    row->requested_s = context->event->time.us / MICROSECONDS;
    row->sequence = context->sequence;
    int r = enrolment_set_state(context, number, enrolment, ENROLMENT_REQUESTED);
    if (r == 0)
        context_ask(context, POLICY_KIND_ELIGIBILITY, number, context_date(context));
    return r;
}

int enrolment_decide(struct context *context, uint32_t number, struct enrolment *enrolment,
                     enum ENROLMENT_OUTCOME_choice outcome) {
    static const enum enrolment_state states[] = {[ENROLMENT_OUTCOME_ACCEPTED] = ENROLMENT_ACCEPTED,
                                                  [ENROLMENT_OUTCOME_WAITLISTED] =
                                                      ENROLMENT_WAITLISTED,
                                                  [ENROLMENT_OUTCOME_REFUSED] = ENROLMENT_REFUSED};
    return enrolment_set_state(context, number, enrolment, states[outcome]);
}

/* ---- a person who goes ---- */

/* What is over stays as it was. */
static int end_one(struct context *context, uint32_t number) {
    struct enrolment enrolment;
    struct shift_row shift;
    int r = enrolment_get(context->view, number, &enrolment);
    if (r != 0 ||
        (enrolment.row.state != ENROLMENT_ACCEPTED && enrolment.row.state != ENROLMENT_WAITLISTED &&
         enrolment.row.state != ENROLMENT_OFFERED))
        return r;
    if (enrolment.row.activity) {
        r = enrolment_shift(context->view, &enrolment, &shift);
        if (r != 0 || shift.ends_s <= context->event->time.us / MICROSECONDS)
            return r;
    }
    enrolment.shift = arena_copy(context->arena, enrolment.shift);
    enrolment.agreement = arena_copy(context->arena, enrolment.agreement);
    return enrolment_set_state(context, number, &enrolment, ENROLMENT_CANCELLED);
}

int enrolments_end(struct context *context, uint32_t volunteer) {
    uint32_t count, number;
    int r = enrolment_count(context->view, NOUN_VOLUNTEER, volunteer, &count);
    for (uint32_t n = 1; r == 0 && n <= count; n++) {
        r = enrolment_nth(context->view, NOUN_VOLUNTEER, volunteer, n, &number);
        if (r == 0)
            r = end_one(context, number);
    }
    return r > 0 ? error_note(-EBADMSG, "a list of enrolments leads nowhere") : r;
}

/* ---- a merge ---- */

static int pair_remove(struct context *context, enum noun noun, uint32_t number, uint32_t volunteer,
                       uint32_t enrolment) {
    char key[LIST_KEY_BYTES];
    struct str row;
    struct buf *rest = &context->scratch;
    int r = pair_get(context->view, noun, number, volunteer, &row);
    if (r != 0)
        return r;
    buf_reset(rest);
    for (size_t at = 0; at + sizeof enrolment <= row.size; at += sizeof enrolment)
        if (memcmp(row.data + at, &enrolment, sizeof enrolment) != 0)
            buf_put(rest, row.data + at, sizeof enrolment);
    store_put(context->store, TABLE_ENROLMENT_LIST,
              list_key(key, LIST_PAIR, noun, number, volunteer),
              rest->size ? buf_str(rest) : STR_NONE);
    return 0;
}

/* Both enrolled for one shift: one of the two places is free. */
static int give_way(struct context *context, uint32_t number, struct enrolment *enrolment,
                    uint32_t other_number) {
    struct enrolment other;
    enum enrolment_state state = (enum enrolment_state)enrolment->row.state;
    int r = enrolment_get(context->view, other_number, &other);
    if (r != 0 || !is_open(enrolment) || enrolment->row.n_check_ins)
        return r;
    other.shift = arena_copy(context->arena, other.shift);
    other.agreement = arena_copy(context->arena, other.agreement);
    r = enrolment_set_state(context, number, enrolment, ENROLMENT_CANCELLED);
    return r == 0 && !is_open(&other) ? enrolment_set_state(context, other_number, &other, state)
                                      : r;
}

int enrolment_pass(struct context *context, uint32_t n, uint32_t from, uint32_t into) {
    struct enrolment enrolment;
    uint32_t number, other;
    int r = enrolment_nth(context->view, NOUN_VOLUNTEER, from, n, &number);
    if (r == 0)
        r = enrolment_get(context->view, number, &enrolment);
    if (r != 0 || enrolment.row.volunteer != from)
        return r < 0 ? r : 0;
    enrolment.shift = arena_copy(context->arena, enrolment.shift);
    enrolment.agreement = arena_copy(context->arena, enrolment.agreement);
    enum noun noun = enrolment.row.post ? NOUN_POST : NOUN_ACTIVITY;
    uint32_t of = enrolment.row.post ? enrolment.row.post : enrolment.row.activity;
    r = enrolment_find(context->view, noun, of, into, enrolment.shift, &other);
    if (r <= 0)
        return r < 0 ? r : give_way(context, number, &enrolment, other);
    enrolment.row.volunteer = into;
    enrolment_put(context, number, &enrolment);
    r = pair_remove(context, noun, of, from, number);
    if (r == 0)
        r = pair_add(context, noun, of, into, number);
    return r == 0 ? enrolment_list_add(context, NOUN_VOLUNTEER, into, number) : r;
}

int enrolments_passed(struct context *context, uint32_t from) {
    char key[LIST_KEY_BYTES];
    uint32_t count, left = 0;
    int r = enrolment_count(context->view, NOUN_VOLUNTEER, from, &count);
    for (uint32_t n = 1; r == 0 && n <= count; n++) {
        struct enrolment enrolment;
        uint32_t number;
        r = enrolment_nth(context->view, NOUN_VOLUNTEER, from, n, &number);
        if (r == 0)
            r = enrolment_get(context->view, number, &enrolment);
        if (r != 0)
            break;
        store_put(context->store, TABLE_ENROLMENT_LIST,
                  list_key(key, LIST_OF, NOUN_VOLUNTEER, from, n), STR_NONE);
        if (enrolment.row.volunteer == from)
            put_list(context, list_key(key, LIST_OF, NOUN_VOLUNTEER, from, ++left), number);
    }
    if (r == 0 && count)
        put_list(context, list_key(key, LIST_OF, NOUN_VOLUNTEER, from, 0), left);
    return r > 0 ? error_note(-EBADMSG, "a list of enrolments leads nowhere") : r;
}
