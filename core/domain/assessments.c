#include "domain/assessments.h"

#include "domain/alerts.h"
#include "domain/counters.h"
#include "domain/policies.h"
#include "domain/runs.h"
#include "util/error.h"

/* First byte of the key: which list. */
enum {
    LIST_ALL,       /* n u32 -> subject */
    LIST_ALL_PLACE, /* noun u8, number u32 -> n */
    LIST_DUE,       /* run u32, n u32 -> subject */
    LIST_DUE_PLACE  /* noun u8, number u32 -> run */
};
#define KEY_BYTES 9
#define COUNT "assessed"

static struct str all_key(char key[static KEY_BYTES], uint32_t n) {
    key[0] = LIST_ALL;
    number_key(key + 1, n);
    return (struct str){key, 5};
}

static struct str due_key(char key[static KEY_BYTES], uint32_t run, uint32_t n) {
    key[0] = LIST_DUE;
    number_key(key + 1, run);
    number_key(key + 5, n);
    return (struct str){key, 9};
}

static struct str place_key(char key[static KEY_BYTES], int list, enum noun noun, uint32_t number) {
    key[0] = (char)list;
    key[1] = (char)noun;
    number_key(key + 2, number);
    return (struct str){key, 6};
}

static void put_subject(struct context *context, struct str key, enum noun noun, uint32_t number,
                        uint32_t event) {
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put_byte(row, (uint8_t)noun);
    buf_put_varint(row, number);
    buf_put_varint(row, event);
    store_put(context->store, TABLE_ASSESSED, key, buf_str(row));
}

static int get_subject(struct view *view, struct str key, struct assessed *ret_assessed) {
    struct str row;
    int r = view_get(view, TABLE_ASSESSED, key, &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    struct cursor in = cursor_from(row);
    ret_assessed->noun = cursor_byte(&in);
    ret_assessed->number = (uint32_t)cursor_varint(&in);
    ret_assessed->event = (enum event_number)cursor_varint(&in);
    return in.failed ? error_note(-EBADMSG, "who is assessed cannot be read") : 0;
}

uint32_t assessed_count(struct view *view) {
    return number_last(view, COUNT);
}

int assessed_get(struct view *view, uint32_t n, struct assessed *ret_assessed) {
    char key[KEY_BYTES];
    return get_subject(view, all_key(key, n), ret_assessed);
}

int assessed_due_get(struct view *view, uint32_t run, uint32_t n, struct assessed *ret_assessed) {
    char key[KEY_BYTES];
    return get_subject(view, due_key(key, run, n), ret_assessed);
}

/* ---- enrolled, due ---- */

static int get_place(struct view *view, struct str key, uint32_t *ret_place) {
    struct str row;
    int r = view_get(view, TABLE_ASSESSED, key, &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (row.size != sizeof *ret_place)
        return error_note(-EBADMSG, "a place in a list cannot be read");
    memcpy(ret_place, row.data, sizeof *ret_place);
    return 0;
}

static void put_place(struct context *context, struct str key, uint32_t place) {
    store_put(context->store, TABLE_ASSESSED, key,
              (struct str){(const char *)&place, sizeof place});
}

int assessed_find(struct view *view, enum noun noun, uint32_t number, uint32_t *ret_n) {
    char key[KEY_BYTES];
    return get_place(view, place_key(key, LIST_ALL_PLACE, noun, number), ret_n);
}

int assessment_enrol(struct context *context, enum noun noun, uint32_t number) {
    char place[KEY_BYTES], key[KEY_BYTES];
    uint32_t n;
    int r = get_place(context->view, place_key(place, LIST_ALL_PLACE, noun, number), &n);
    if (r <= 0)
        return r;
    n = number_next(context, COUNT);
    put_subject(context, all_key(key, n), noun, number, 0);
    put_place(context, (struct str){place, 6}, n);
    return 0;
}

/* 1 where there is one, 0, < 0. */
static int any_in_force(struct context *context, int32_t date) {
    return policy_is_in_force(context->view, context->arena, POLICY_KIND_ASSESSMENT, date);
}

/* The run that waits, or a new one; 0: no policy is in force. */
static int find_run(struct context *context, uint32_t *ret_run) {
    int r = run_waiting(context->view, RUN_DUE, ret_run);
    if (r <= 0)
        return r;
    int32_t today = context_today(context);
    int any = any_in_force(context, today);
    *ret_run = 0;
    if (any <= 0)
        return any;
    r = run_begin(context, RUN_DUE, 0, today);
    *ret_run = number_last(context->view, "run");
    return r;
}

int assessment_due(struct context *context, enum noun noun, uint32_t number) {
    char place[KEY_BYTES], key[KEY_BYTES];
    uint32_t run, listed, n;
    int r = assessment_enrol(context, noun, number);
    if (r == 0)
        r = find_run(context, &run);
    if (r != 0 || run == 0)
        return r;
    r = get_place(context->view, place_key(place, LIST_DUE_PLACE, noun, number), &listed);
    if (r < 0 || (r == 0 && listed == run))
        return r;
    r = run_extend(context, run, &n);
    if (r != 0)
        return r;
    put_subject(context, due_key(key, run, n), noun, number, context->event->type->number);
    put_place(context, (struct str){place, 6}, run);
    return 0;
}

int assessment_due_drop(struct context *context, uint32_t run, uint32_t from, uint32_t to) {
    for (uint32_t n = from + 1; n <= to; n++) {
        char key[KEY_BYTES], place[KEY_BYTES];
        struct assessed assessed;
        uint32_t listed;
        int r = assessed_due_get(context->view, run, n, &assessed);
        if (r != 0)
            return r < 0 ? r : error_note(-EBADMSG, "who was due is not there");
        store_put(context->store, TABLE_ASSESSED, due_key(key, run, n), STR_NONE);
        place_key(place, LIST_DUE_PLACE, assessed.noun, assessed.number);
        r = get_place(context->view, (struct str){place, 6}, &listed);
        if (r == 0 && listed == run)
            store_put(context->store, TABLE_ASSESSED, (struct str){place, 6}, STR_NONE);
        if (r < 0)
            return r;
    }
    return 0;
}

/* What the last rule of assessment raised is over when it is in force no more. */
static int any_alert_open(struct context *context) {
    uint32_t city;
    int64_t open = 0;
    int r = alert_city_region(context->view, &city);
    if (r == 0)
        r = counter_value(context->view, COUNTER_NOW, NOUN_REGION, city, COUNTER_alerts_open,
                          &open);
    return r < 0 ? r : open > 0;
}

int assessment_day_ended(struct context *context, int32_t date) {
    uint32_t n = assessed_count(context->view);
    int any = n ? any_in_force(context, date) : 0;
    if (n && any == 0)
        any = any_alert_open(context);
    return any > 0 ? run_begin_between(context, RUN_ASSESSMENT, 0, date, 0, n) : any;
}

/* ---- the last known state ---- */

#define INDICATOR_BYTES 64

static struct str state_key(char key[static ASSESSMENT_KEY_BYTES + INDICATOR_BYTES], enum noun noun,
                            uint32_t number, struct str indicator) {
    size_t size = indicator.size < INDICATOR_BYTES ? indicator.size : INDICATOR_BYTES;
    key[0] = (char)noun;
    number_key(key + 1, number);
    if (size)
        memcpy(key + ASSESSMENT_KEY_BYTES, indicator.data, size);
    return (struct str){key, ASSESSMENT_KEY_BYTES + size};
}

/* byte: 0 none, else kind + 1; then integer or text */
static void put_scalar(struct buf *row, bool given, const struct scalar *scalar) {
    buf_put_byte(row, given ? (uint8_t)(scalar->kind + 1) : 0);
    if (given && scalar->kind == SCALAR_TEXT)
        buf_put_counted(row, scalar->text);
    else if (given)
        buf_put_signed(row, scalar->integer);
}

static void take_scalar(struct cursor *in, bool *ret_given, struct scalar *ret_scalar) {
    uint8_t kind = cursor_byte(in);
    memset(ret_scalar, 0, sizeof *ret_scalar);
    *ret_given = kind != 0;
    if (kind == 0)
        return;
    ret_scalar->kind = (enum scalar_kind)(kind - 1);
    if (ret_scalar->kind == SCALAR_TEXT)
        ret_scalar->text = cursor_counted(in);
    else
        ret_scalar->integer = cursor_signed(in);
}

int assessment_decode(struct str row, struct assessment *ret_assessment) {
    struct cursor in = cursor_from(row);
    ret_assessment->state = cursor_counted(&in);
    take_scalar(&in, &ret_assessment->has_value, &ret_assessment->value);
    take_scalar(&in, &ret_assessment->has_target, &ret_assessment->target);
    ret_assessment->since = (int32_t)cursor_signed(&in);
    ret_assessment->sequence = cursor_varint(&in);
    ret_assessment->veto = cursor_byte(&in) != 0;
    return in.failed ? THING_DAMAGED : 0;
}

int assessment_get(struct view *view, enum noun noun, uint32_t number, struct str indicator,
                   struct assessment *ret_assessment) {
    char key[ASSESSMENT_KEY_BYTES + INDICATOR_BYTES];
    struct str row;
    int r = view_get(view, TABLE_ASSESSMENT, state_key(key, noun, number, indicator), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (assessment_decode(row, ret_assessment) != 0)
        return error_note(-EBADMSG, "an assessment's row cannot be read");
    return 0;
}

/* ---- what is in the way of a title ---- */

int assessment_veto_next(struct cursor *in, struct str *ret_indicator) {
    if (in->failed || !cursor_left(in))
        return THING_NOT_FOUND;
    *ret_indicator = cursor_counted(in);
    return in->failed ? THING_DAMAGED : 0;
}

int assessment_vetoes(struct view *view, enum noun noun, uint32_t number, struct str *ret_row) {
    char key[THING_KEY_BYTES];
    int r = view_get(view, TABLE_VETO, thing_key(key, noun, number), ret_row);
    return r > 0 ? THING_NOT_FOUND : r;
}

/* The subject's list with the indicator in it, or without. */
static int put_veto(struct context *context, enum noun noun, uint32_t number, struct str indicator,
                    bool veto) {
    char key[THING_KEY_BYTES];
    struct str row = STR_NONE, other;
    struct buf *list = &context->scratch;
    int r = view_get(context->view, TABLE_VETO, thing_key(key, noun, number), &row);
    if (r < 0 || (r > 0 && !veto))
        return r < 0 ? r : 0;
    struct cursor in = cursor_from(r == 0 ? row : STR_NONE);
    buf_reset(list);
    while (assessment_veto_next(&in, &other) == 0)
        if (!str_equal(other, indicator))
            buf_put_counted(list, other);
    if (veto)
        buf_put_counted(list, indicator);
    store_put(context->store, TABLE_VETO, (struct str){key, sizeof key},
              list->size ? buf_str(list) : STR_NONE);
    return 0;
}

int apply_assessment_changed(struct context *context, const struct event *event,
                             const struct assessment_changed *data) {
    (void)event;
    const unsigned kinds = 1U << SUBJECT_KIND_REGION | 1U << SUBJECT_KIND_ORGANISATION;
    char key[ASSESSMENT_KEY_BYTES + INDICATOR_BYTES];
    enum noun noun;
    uint32_t number;
    int r = subject_resolve(context, &data->subject, kinds, "data.subject", &noun, &number);
    if (r != 0)
        return r;
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put_counted(row, data->to);
    put_scalar(row, HAS(data, assessment_changed, value), &data->value);
    put_scalar(row, HAS(data, assessment_changed, target), &data->target);
    buf_put_signed(row, data->as_of);
    buf_put_varint(row, context->sequence);
    buf_put_byte(row, HAS(data, assessment_changed, veto) && data->veto);
    store_put(context->store, TABLE_ASSESSMENT, state_key(key, noun, number, data->indicator),
              buf_str(row));
    return put_veto(context, noun, number, data->indicator,
                    HAS(data, assessment_changed, veto) && data->veto);
}
