#include "domain/alerts.h"

#include "domain/city.h"
#include "domain/counters.h"
#include "domain/organisations.h"
#include "util/error.h"

#define OPEN_LIMIT 256 /* of one subject */

/* ---- reading ---- */

const char *alert_state_text(enum alert_state state) {
    static const char *const texts[ALERT_STATES] = {"raised", "acknowledged", "cleared"};
    return state < ALERT_STATES ? texts[state] : "unknown";
}

int alert_get(struct view *view, uint32_t number, struct alert *ret_alert) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_ALERT, number_key(key, number), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    struct cursor in = cursor_from(row);
    struct str fixed = cursor_take(&in, sizeof ret_alert->row);
    ret_alert->acknowledged_by = cursor_counted(&in);
    if (in.failed)
        return error_note(-EBADMSG, "an alert's row cannot be read");
    memcpy(&ret_alert->row, fixed.data, sizeof ret_alert->row);
    return 0;
}

int alerts_open(struct view *view, enum noun noun, uint32_t number, struct alert_list *ret_list) {
    char key[THING_KEY_BYTES];
    struct str row;
    int r = view_get(view, TABLE_ALERT_OPEN, thing_key(key, noun, number), &row);
    *ret_list = r == 0 ? (struct alert_list){row.size / sizeof(uint32_t), row.data}
                       : (struct alert_list){0, NULL};
    return r < 0 ? r : 0;
}

uint32_t alert_list_at(const struct alert_list *list, size_t i) {
    uint32_t number;
    memcpy(&number, list->items + i * sizeof number, sizeof number);
    return number;
}

int alert_find_open(struct view *view, enum noun noun, uint32_t number, struct str code,
                    struct arena *arena, uint32_t *ret_alert) {
    struct alert_list list;
    struct thing thing;
    int r = alerts_open(view, noun, number, &list);
    for (size_t i = 0; r == 0 && i < list.n; i++) {
        *ret_alert = alert_list_at(&list, i);
        r = thing_get(view, NOUN_ALERT, *ret_alert, arena, &thing);
        if (r == 0 && str_equal(((const struct alert_raised *)thing.attributes)->code, code))
            return 0;
    }
    return r == 0 ? THING_NOT_FOUND : r < 0 ? r : error_note(-EBADMSG, "an alert is not there");
}

struct str alert_next_id(struct view *view, struct arena *arena) {
    uint32_t n;
    (void)thing_count(view, NOUN_ALERT, &n);
    return arena_printf(arena, "alert:%u", n + 1);
}

/* ---- writing ---- */

static void put(struct context *context, uint32_t number, const struct alert *alert) {
    char key[4];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put(row, &alert->row, sizeof alert->row);
    buf_put_counted(row, alert->acknowledged_by);
    store_put(context->store, TABLE_ALERT, number_key(key, number), buf_str(row));
}

static void put_open(struct context *context, const struct alert_row *row) {
    char key[THING_KEY_BYTES];
    struct buf *list = &context->scratch;
    store_put(context->store, TABLE_ALERT_OPEN, thing_key(key, (enum noun)row->noun, row->subject),
              list->size ? buf_str(list) : STR_NONE);
}

static int count(struct context *context, const struct alert_row *row,
                 const struct counter_change *changes, size_t n) {
    return counter_add_subject(context, (enum noun)row->noun, row->subject, row->region, changes,
                               n);
}

/* ---- raised ---- */

static int find_region(struct context *context, struct alert_row *row) {
    struct organisation_row organisation;
    row->region = row->subject;
    if (row->noun == NOUN_REGION)
        return 0;
    int r = organisation_get(context->view, row->subject, &organisation);
    row->region = organisation.region;
    return r > 0 ? error_note(-EBADMSG, "an organisation has no row") : r;
}

static int list_add(struct context *context, const struct alert_row *row, uint32_t alert) {
    struct alert_list list;
    int r = alerts_open(context->view, (enum noun)row->noun, row->subject, &list);
    if (r != 0)
        return r;
    if (list.n >= OPEN_LIMIT)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.subject",
                           "more than %d alerts of one subject are open", OPEN_LIMIT);
    buf_reset(&context->scratch);
    buf_put(&context->scratch, list.items, list.n * sizeof alert);
    buf_put(&context->scratch, &alert, sizeof alert);
    put_open(context, row);
    return 0;
}

static int check_new(struct context *context, const struct alert_raised *data,
                     const struct alert_row *row) {
    uint32_t open;
    int r = alert_find_open(context->view, (enum noun)row->noun, row->subject, data->code,
                            context->arena, &open);
    if (r == 0)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.code",
                           "an alert of the code %.*s is open for this subject; clear it first",
                           STR_ARG(data->code));
    return r < 0 ? r : 0;
}

int apply_alert_raised(struct context *context, const struct event *event,
                       const struct alert_raised *data) {
    static const struct counter_change changes[] = {{COUNTER_alerts_raised, 1},
                                                    {COUNTER_alerts_open, 1}};
    struct alert_raised *attributes = arena_alloc(context->arena, sizeof *attributes);
    struct alert alert = {.acknowledged_by = STR_NONE};
    struct alert_row *row = &alert.row;
    uint32_t number;
    enum noun noun;
    (void)event;
    int r = subject_resolve(context, &data->subject, ALERT_SUBJECTS, "data.subject", &noun,
                            &row->subject);
    if (r != 0)
        return r;
    row->noun = (uint8_t)noun;
    row->severity = (uint8_t)data->severity;
    row->raised_on = data->as_of;
    r = check_new(context, data, row);
    if (r == 0)
        r = find_region(context, row);
    if (r == 0)
        r = thing_name(context, NOUN_ALERT, data->alert, "data.alert", &number);
    if (r == 0)
        r = list_add(context, row, number);
    if (r != 0)
        return r;
    *attributes = *data; /* the findings stand with the decision */
    attributes->head.present &= ~(UINT64_C(1) << alert_raised__findings);
    const struct thing thing = {.defined_sequence = context->sequence,
                                .changed_sequence = context->sequence,
                                .state = ALERT_RAISED,
                                .attributes = attributes};
    thing_put(context, NOUN_ALERT, number, &thing);
    put(context, number, &alert);
    return count(context, row, changes, 2);
}

/* ---- acknowledged, cleared ---- */

struct opened {
    uint32_t number;
    struct thing thing;
    struct alert alert;
};

static int load(struct context *context, struct str id, struct opened *ret_opened) {
    int r = thing_resolve(context, NOUN_ALERT, id, "data.alert", &ret_opened->number);
    if (r != 0)
        return r;
    r = thing_get(context->view, NOUN_ALERT, ret_opened->number, context->arena,
                  &ret_opened->thing);
    if (r == 0)
        r = alert_get(context->view, ret_opened->number, &ret_opened->alert);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "an alert has no row");
    ret_opened->alert.acknowledged_by =
        arena_copy(context->arena, ret_opened->alert.acknowledged_by);
    return 0;
}

static int settle(struct context *context, struct opened *opened, enum alert_state state,
                  const struct counter_change *changes, size_t n) {
    opened->alert.row.state = (uint8_t)state;
    opened->thing.state = (uint8_t)state;
    opened->thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_ALERT, opened->number, &opened->thing);
    put(context, opened->number, &opened->alert);
    return count(context, &opened->alert.row, changes, n);
}

int apply_alert_acknowledged(struct context *context, const struct event *event,
                             const struct alert_acknowledged *data) {
    static const struct counter_change change = {COUNTER_alerts_acknowledged, 1};
    struct opened opened;
    (void)event;
    int r = load(context, data->alert, &opened);
    if (r != 0)
        return r;
    if (opened.alert.row.state == ALERT_CLEARED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.alert",
                           "alert %.*s is cleared; there is nothing left to acknowledge",
                           STR_ARG(data->alert));
    if (opened.alert.row.state == ALERT_ACKNOWLEDGED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.alert",
                           "%.*s acknowledged alert %.*s already",
                           STR_ARG(opened.alert.acknowledged_by), STR_ARG(data->alert));
    opened.alert.row.acknowledged_on = context_date(context);
    opened.alert.acknowledged_by = data->by;
    return settle(context, &opened, ALERT_ACKNOWLEDGED, &change, 1);
}

static int list_drop(struct context *context, const struct alert_row *row, uint32_t alert) {
    struct alert_list list;
    int r = alerts_open(context->view, (enum noun)row->noun, row->subject, &list);
    if (r != 0)
        return r;
    buf_reset(&context->scratch);
    for (size_t i = 0; i < list.n; i++) {
        uint32_t number = alert_list_at(&list, i);
        if (number != alert)
            buf_put(&context->scratch, &number, sizeof number);
    }
    put_open(context, row);
    return 0;
}

int apply_alert_cleared(struct context *context, const struct event *event,
                        const struct alert_cleared *data) {
    static const struct counter_change changes[] = {{COUNTER_alerts_open, -1},
                                                    {COUNTER_alerts_acknowledged, -1}};
    struct opened opened;
    (void)event;
    int r = load(context, data->alert, &opened);
    if (r == 0 && opened.alert.row.state == ALERT_CLEARED)
        r = problem_set(context->problem, PROBLEM_WRONG_STATE, "data.alert",
                        "alert %.*s is cleared already", STR_ARG(data->alert));
    if (r == 0)
        r = list_drop(context, &opened.alert.row, opened.number);
    if (r != 0)
        return r;
    bool acknowledged = opened.alert.row.state == ALERT_ACKNOWLEDGED;
    opened.alert.row.cleared_on = data->as_of;
    opened.alert.row.cleared = context->sequence;
    return settle(context, &opened, ALERT_CLEARED, changes, acknowledged ? 2 : 1);
}

/* ---- a rule of registration that failed ---- */

int alert_city_region(struct view *view, uint32_t *ret_region) {
    struct city city;
    int r = city_get(view, &city);
    return r == 0 ? thing_find(view, NOUN_REGION, str_from(city.region), ret_region) : r;
}

int alert_registration_ruled(struct context *context) {
    uint32_t city, alert;
    int r = alert_city_region(context->view, &city);
    if (r == 0)
        r = alert_find_open(context->view, NOUN_REGION, city, STR(ALERT_REGISTRATION_FAILED),
                            context->arena, &alert);
    if (r != 0)
        return r < 0 ? r : 0;
    context_ask_of(context, (struct question){.kind = POLICY_KIND_ASSESSMENT,
                                              .noun = NOUN_ALERT,
                                              .number = alert,
                                              .date = context_date(context)});
    return 0;
}
