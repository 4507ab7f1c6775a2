#include "domain/figures.h"

#include "domain/assessments.h"
#include "domain/counters.h"
#include "domain/organisations.h"
#include "util/error.h"

#define REPORTS_LIMIT 4000

static struct str figure_key(char key[static FIGURE_KEY_BYTES], enum FIGURE_choice figure,
                             enum noun noun, uint32_t number) {
    key[0] = (char)noun;
    number_key(key + 1, number);
    key[5] = (char)figure;
    return (struct str){key, FIGURE_KEY_BYTES};
}

/* signed as_of, signed recorded_on, signed value, varint sequence, counted origin, counted by; by
 * as_of. */
int figure_next(struct cursor *in, struct figure *ret_figure) {
    if (in->failed || !cursor_left(in))
        return THING_NOT_FOUND;
    ret_figure->as_of = (int32_t)cursor_signed(in);
    ret_figure->recorded_on = (int32_t)cursor_signed(in);
    ret_figure->value = cursor_signed(in);
    ret_figure->sequence = cursor_varint(in);
    ret_figure->origin = cursor_counted(in);
    ret_figure->by = cursor_counted(in);
    return in->failed ? THING_DAMAGED : 0;
}

static void figure_put(struct buf *row, const struct figure *figure) {
    buf_put_signed(row, figure->as_of);
    buf_put_signed(row, figure->recorded_on);
    buf_put_signed(row, figure->value);
    buf_put_varint(row, figure->sequence);
    buf_put_counted(row, figure->origin);
    buf_put_counted(row, figure->by);
}

int figure_each(struct view *view, enum FIGURE_choice figure, enum noun noun, uint32_t number,
                int (*each)(void *context, const struct figure *figure), void *context) {
    char key[FIGURE_KEY_BYTES];
    struct str row;
    int r = view_get(view, TABLE_FIGURE, figure_key(key, figure, noun, number), &row);
    if (r != 0)
        return r < 0 ? r : 0;
    struct cursor in = cursor_from(row);
    struct figure report;
    int outcome = 0;
    while (outcome == 0 && (r = figure_next(&in, &report)) == 0)
        outcome = each(context, &report);
    if (r == THING_DAMAGED)
        return error_note(-EBADMSG, "a figure's row cannot be read");
    return outcome;
}

struct newest {
    int32_t as_of;
    int32_t at;
    struct figure *figure;
    bool found;
};

static int take_newer(void *context, const struct figure *figure) {
    struct newest *newest = context;
    if (figure->as_of > newest->as_of)
        return 1;
    if (figure->recorded_on <= newest->at) {
        *newest->figure = *figure;
        newest->found = true;
    }
    return 0;
}

int figure_get(struct view *view, enum FIGURE_choice figure, enum noun noun, uint32_t number,
               int32_t as_of, int32_t at, struct figure *ret_figure) {
    struct newest newest = {as_of, at, ret_figure, false};
    int r = figure_each(view, figure, noun, number, take_newer, &newest);
    if (r < 0)
        return r;
    return newest.found ? 0 : THING_NOT_FOUND;
}

/* ---- figure.reported ---- */

static int check(struct context *context, const struct figure_reported *data) {
    if (data->as_of > context_date(context))
        return problem_set(context->problem, PROBLEM_IN_FUTURE, "data.as_of",
                           "a figure is of a day that has come; this one lies after the event");
    if (data->figure == FIGURE_STAFF && data->subject.kind != SUBJECT_KIND_ORGANISATION)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.subject.kind",
                           "staff is a figure of an organisation");
    if ((data->figure == FIGURE_BUILT_UP_RESIDENTS || data->figure == FIGURE_RESIDENTS ||
         data->figure == FIGURE_COMMUNITIES) &&
        data->subject.kind != SUBJECT_KIND_REGION)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.subject.kind",
                           "%s is a figure of a region", FIGURE_choices.words[data->figure]);
    if (data->origin.size == 0)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.origin",
                           "say where the figure comes from: a yearbook, a letter, a register");
    return 0;
}

/* The row anew, the report at its place by its day. > 0: there is one of that day already. */
static int insert(struct context *context, struct str old, const struct figure *report) {
    struct buf *row = &context->scratch;
    struct cursor in = cursor_from(old);
    struct figure other;
    bool put = false;
    size_t n = 0;
    buf_reset(row);
    while (figure_next(&in, &other) == 0) {
        if (other.as_of == report->as_of)
            return problem_set(context->problem, PROBLEM_ALREADY_EXISTS, "data.as_of",
                               "this figure was reported for that day already (%lld, %.*s); a "
                               "correction is a report of a later day",
                               (long long)other.value,
                               (int)(other.origin.size < 80 ? other.origin.size : 80),
                               other.origin.data);
        if (!put && other.as_of > report->as_of) {
            figure_put(row, report);
            put = true;
        }
        figure_put(row, &other);
        n++;
    }
    if (!put)
        figure_put(row, report);
    if (n >= REPORTS_LIMIT)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.as_of",
                           "more than %d reports of one figure of one subject", REPORTS_LIMIT);
    return 0;
}

int apply_figure_reported(struct context *context, const struct event *event,
                          const struct figure_reported *data) {
    (void)event;
    const unsigned kinds = 1U << SUBJECT_KIND_REGION | 1U << SUBJECT_KIND_ORGANISATION;
    struct figure report = {.value = data->value,
                            .as_of = data->as_of,
                            .recorded_on = context_today(context),
                            .sequence = context->sequence,
                            .origin = data->origin,
                            .by = data->by};
    enum FIGURE_choice figure = (enum FIGURE_choice)data->figure;
    char key[FIGURE_KEY_BYTES];
    struct str row = STR_NONE;
    enum noun noun;
    uint32_t number;
    int r = subject_resolve(context, &data->subject, kinds, "data.subject", &noun, &number);
    if (r == 0)
        r = check(context, data);
    if (r != 0)
        return r;
    r = view_get(context->view, TABLE_FIGURE, figure_key(key, figure, noun, number), &row);
    if (r < 0)
        return r;
    r = insert(context, row, &report);
    if (r != 0)
        return r;
    store_put(context->store, TABLE_FIGURE, (struct str){key, sizeof key},
              buf_str(&context->scratch));
    if (figure == FIGURE_STAFF)
        r = organisation_staff_reported(context, number);
    return r == 0 ? assessment_due(context, noun, number) : r;
}
