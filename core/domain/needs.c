#include "domain/needs.h"

#include "domain/activities.h"
#include "domain/counters.h"
#include "domain/dictionaries.h"
#include "domain/person_months.h"
#include "util/error.h"

/* ---- reading ---- */

const char *need_state_text(enum need_state state) {
    static const char *const texts[NEED_STATES] = {"filed", "matched", "referred", "closed"};
    return state < NEED_STATES ? texts[state] : "unknown";
}

int need_get(struct view *view, uint32_t number, struct need *ret_need) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_NEED, number_key(key, number), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    struct cursor in = cursor_from(row);
    struct str fixed = cursor_take(&in, sizeof ret_need->row);
    ret_need->referred_to = cursor_counted(&in);
    if (in.failed)
        return error_note(-EBADMSG, "a need's row cannot be read");
    memcpy(&ret_need->row, fixed.data, sizeof ret_need->row);
    return 0;
}

int needs_of_activity(struct view *view, uint32_t activity, struct need_list *ret_list) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_NEED_MATCHED, number_key(key, activity), &row);
    *ret_list = r == 0 ? (struct need_list){row.size / sizeof(uint32_t), row.data}
                       : (struct need_list){0, NULL};
    return r < 0 ? r : 0;
}

uint32_t need_list_at(const struct need_list *list, size_t i) {
    uint32_t number;
    memcpy(&number, list->items + i * sizeof number, sizeof number);
    return number;
}

uint32_t need_order_number(struct str key) {
    struct cursor in = cursor_from(key);
    (void)cursor_take(&in, NEED_ORDER_KEY_BYTES - sizeof(uint32_t));
    return cursor_u32_sorted(&in);
}

/* ---- rows ---- */

/* Days before 1970 come first, too. */
static struct str order_key(char key[static NEED_ORDER_KEY_BYTES], uint32_t number,
                            const struct need_row *row) {
    key[0] = row->state == NEED_CLOSED;
    key[1] = (char)row->priority;
    number_key(key + 2, (uint32_t)row->filed_on ^ UINT32_C(0x80000000));
    number_key(key + 6, number);
    return (struct str){key, NEED_ORDER_KEY_BYTES};
}

static void place(struct context *context, uint32_t number, const struct need_row *row,
                  bool stands) {
    char key[NEED_ORDER_KEY_BYTES];
    store_put(context->store, TABLE_NEED_ORDER, order_key(key, number, row),
              stands ? STR("1") : STR_NONE);
}

static void put(struct context *context, uint32_t number, const struct need *need) {
    char key[4];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put(row, &need->row, sizeof need->row);
    buf_put_counted(row, need->referred_to);
    store_put(context->store, TABLE_NEED, number_key(key, number), buf_str(row));
}

/* ---- counting ---- */

#define CHANGES_LIMIT 10

struct changes {
    size_t n;
    struct counter_change list[CHANGES_LIMIT];
};

static void change(struct changes *changes, enum counter counter, int by) {
    changes->list[changes->n++] = (struct counter_change){counter, by};
}

/* What it is counted as in its state. */
static void changes_of(struct changes *changes, const struct need_row *row, int by) {
    change(changes, row->state == NEED_CLOSED ? COUNTER_needs_closed : COUNTER_needs_open, by);
    if (row->state == NEED_MATCHED)
        change(changes, COUNTER_needs_matched, by);
    if (row->state == NEED_REFERRED)
        change(changes, COUNTER_needs_referred, by);
    if (row->outcome == NEED_OUTCOME_MET + 1)
        change(changes, COUNTER_needs_met, by);
}

/* By the month in which it was filed, so that the months tell how old the open ones are. */
static int count(struct context *context, const struct need_row *row,
                 const struct changes *changes) {
    int r = counter_add_region(context, date_month(row->filed_on), row->region, changes->list,
                               changes->n);
    if (r == 0)
        r = counter_add_region_code(context, row->region, DICTIONARY_CATEGORY, row->category,
                                    changes->list, changes->n);
    if (r == 0 && row->group)
        r = counter_add_region_code(context, row->region, DICTIONARY_SERVED_GROUP, row->group - 1u,
                                    changes->list, changes->n);
    return r;
}

/* The codes it names are in use until it is closed. */
static int use_codes(struct context *context, const struct need_filed *data, int32_t by) {
    int r = dictionary_use(context, DICTIONARY_CATEGORY, data->category, by);
    return r == 0 && HAS(data, need_filed, served_group)
               ? dictionary_use(context, DICTIONARY_SERVED_GROUP, data->served_group, by)
               : r;
}

/* ---- filed ---- */

static int check_codes(struct context *context, const struct need_filed *data,
                       struct need_row *row) {
    int32_t code, group = -1;
    int r = dictionary_require(context, DICTIONARY_CATEGORY, data->category, context_date(context),
                               "data.category", &code);
    if (r == 0 && HAS(data, need_filed, served_group))
        r = dictionary_require(context, DICTIONARY_SERVED_GROUP, data->served_group,
                               context_date(context), "data.served_group", &group);
    if (r == 0) {
        row->category = (uint8_t)code;
        row->group = (uint8_t)(group + 1);
    }
    return r;
}

int apply_need_filed(struct context *context, const struct event *event,
                     const struct need_filed *data) {
    uint32_t number;
    struct need need = {.referred_to = STR_NONE};
    struct need_row *row = &need.row;
    struct changes changes = {0};
    row->filed_on = context_date(context);
    row->priority = (uint8_t)data->priority;
    if (!date_is_kept(row->filed_on))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "time",
                           "needs are kept from 1970-01-02 to 2199; mend the year");
    int r = thing_resolve(context, NOUN_REGION, data->region, "data.region", &row->region);
    if (r == 0)
        r = check_codes(context, data, row);
    if (r == 0)
        r = thing_name(context, NOUN_NEED, data->need, "data.need", &number);
    if (r != 0)
        return r;
    struct thing thing = {.defined_sequence = context->sequence,
                          .changed_sequence = context->sequence,
                          .state = NEED_FILED,
                          .attributes = event->data};
    thing_take_blobs(context, event->type->fields, &thing, &data->head);
    thing_put(context, NOUN_NEED, number, &thing);
    put(context, number, &need);
    place(context, number, row, true);
    change(&changes, COUNTER_needs_filed, 1);
    changes_of(&changes, row, 1);
    r = count(context, row, &changes);
    return r == 0 ? use_codes(context, data, 1) : r;
}

/* ---- the needs of an activity ---- */

static void put_list(struct context *context, uint32_t activity, const struct buf *list) {
    char key[4];
    store_put(context->store, TABLE_NEED_MATCHED, number_key(key, activity), buf_str(list));
}

static int list_add(struct context *context, uint32_t activity, uint32_t need) {
    struct need_list list;
    struct buf *row = &context->scratch;
    int r = needs_of_activity(context->view, activity, &list);
    if (r != 0)
        return r;
    if (list.n >= NEEDS_OF_ACTIVITY_LIMIT)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.activity",
                           "an activity meets at most %d needs; publish another one",
                           NEEDS_OF_ACTIVITY_LIMIT);
    buf_reset(row);
    buf_put(row, list.items, list.n * sizeof need);
    buf_put(row, &need, sizeof need);
    put_list(context, activity, row);
    return 0;
}

static int list_drop(struct context *context, uint32_t activity, uint32_t need) {
    struct need_list list;
    struct buf *row = &context->scratch;
    int r = activity ? needs_of_activity(context->view, activity, &list) : 0;
    if (r != 0 || !activity)
        return r;
    buf_reset(row);
    for (size_t i = 0; i < list.n; i++) {
        uint32_t number = need_list_at(&list, i);
        if (number != need)
            buf_put(row, &number, sizeof number);
    }
    put_list(context, activity, row);
    return 0;
}

/* ---- what becomes of it ---- */

struct opened {
    uint32_t number;
    struct thing thing;
    struct need need;
    struct need_row before;
};

static int load(struct context *context, uint32_t number, struct opened *ret_opened) {
    ret_opened->number = number;
    int r = thing_get(context->view, NOUN_NEED, number, context->arena, &ret_opened->thing);
    if (r == 0)
        r = need_get(context->view, number, &ret_opened->need);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a need has no row or no attributes");
    ret_opened->need.referred_to = arena_copy(context->arena, ret_opened->need.referred_to);
    ret_opened->before = ret_opened->need.row;
    return 0;
}

static int open_need(struct context *context, struct str id, struct opened *ret_opened) {
    uint32_t number;
    int r = thing_resolve(context, NOUN_NEED, id, "data.need", &number);
    if (r == 0)
        r = load(context, number, ret_opened);
    if (r == 0 && ret_opened->need.row.state == NEED_CLOSED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.need",
                           "need %.*s is closed; file a new one", STR_ARG(id));
    return r;
}

/* Its row says what it is now; what it was stands in `before`. */
static int settle(struct context *context, struct opened *opened, enum need_state state) {
    struct need_row *row = &opened->need.row;
    struct changes changes = {0};
    row->state = (uint8_t)state;
    if (state != NEED_MATCHED)
        row->activity = 0;
    if (opened->before.activity != row->activity) {
        int r = list_drop(context, opened->before.activity, opened->number);
        if (r != 0)
            return r;
    }
    opened->thing.state = (uint8_t)state;
    opened->thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_NEED, opened->number, &opened->thing);
    put(context, opened->number, &opened->need);
    place(context, opened->number, &opened->before, false);
    place(context, opened->number, row, true);
    changes_of(&changes, &opened->before, -1);
    changes_of(&changes, row, 1);
    return count(context, row, &changes);
}

static int check_activity(struct context *context, const struct need_matched *data,
                          const struct opened *opened, uint32_t *ret_activity) {
    struct activity_summary activity;
    int r = thing_resolve(context, NOUN_ACTIVITY, data->activity, "data.activity", ret_activity);
    if (r == 0)
        r = activity_summary(context->view, *ret_activity, &activity);
    if (r != 0)
        return r;
    if (activity.state != ACTIVITY_PUBLISHED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.activity",
                           "activity %.*s is %s; match an open one", STR_ARG(data->activity),
                           activity.state == ACTIVITY_CANCELLED ? "cancelled" : "closed");
    if (opened->need.row.activity == *ret_activity)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.activity",
                           "need %.*s is matched with this activity already", STR_ARG(data->need));
    return 0;
}

int apply_need_matched(struct context *context, const struct event *event,
                       const struct need_matched *data) {
    (void)event;
    struct opened opened;
    uint32_t activity;
    int r = open_need(context, data->need, &opened);
    if (r == 0)
        r = check_activity(context, data, &opened, &activity);
    if (r == 0)
        r = list_add(context, activity, opened.number);
    if (r != 0)
        return r;
    opened.need.row.activity = activity;
    opened.need.row.matched_on = context_date(context);
    return settle(context, &opened, NEED_MATCHED);
}

int apply_need_referred(struct context *context, const struct event *event,
                        const struct need_referred *data) {
    (void)event;
    struct opened opened;
    int r = open_need(context, data->need, &opened);
    if (r != 0)
        return r;
    if (opened.need.row.state == NEED_REFERRED && str_equal(opened.need.referred_to, data->to))
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.to",
                           "need %.*s is referred there already", STR_ARG(data->need));
    opened.need.referred_to = data->to;
    opened.need.row.referred_on = context_date(context);
    return settle(context, &opened, NEED_REFERRED);
}

int apply_need_closed(struct context *context, const struct event *event,
                      const struct need_closed *data) {
    (void)event;
    struct opened opened;
    int r = open_need(context, data->need, &opened);
    if (r == 0 && data->outcome == NEED_OUTCOME_MET && opened.need.row.state == NEED_FILED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.outcome",
                           "need %.*s was neither matched nor referred; say first who met it "
                           "(need.matched, need.referred)",
                           STR_ARG(data->need));
    if (r == 0)
        r = use_codes(context, opened.thing.attributes, -1);
    if (r != 0)
        return r;
    opened.need.row.closed_on = context_date(context);
    opened.need.row.outcome = (uint8_t)(data->outcome + 1);
    return settle(context, &opened, NEED_CLOSED);
}

int needs_activity_cancelled(struct context *context, uint32_t activity) {
    uint32_t numbers[NEEDS_OF_ACTIVITY_LIMIT];
    struct need_list list;
    int r = needs_of_activity(context->view, activity, &list);
    size_t n = list.n < NEEDS_OF_ACTIVITY_LIMIT ? list.n : NEEDS_OF_ACTIVITY_LIMIT;
    for (size_t i = 0; i < n; i++)
        numbers[i] = need_list_at(&list, i);
    for (size_t i = 0; r == 0 && i < n; i++) {
        struct opened opened;
        r = load(context, numbers[i], &opened);
        if (r == 0)
            r = settle(context, &opened, NEED_FILED);
    }
    return r;
}
