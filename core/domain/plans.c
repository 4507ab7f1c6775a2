#include "domain/plans.h"

#include "domain/assessments.h"
#include "domain/counters.h"
#include "domain/organisations.h"
#include "util/error.h"

#define VERSIONS_LIMIT 1000 /* of one subject */

static struct str plan_key(char key[static PLAN_KEY_BYTES], enum noun noun, uint32_t number) {
    key[0] = (char)noun;
    number_key(key + 1, number);
    return (struct str){key, PLAN_KEY_BYTES};
}

/* varint plan, bytes left and measure, signed target, due, from, set_on, recorded_on, varint
 * sequence; in the order of the events. */
int plan_next(struct cursor *in, struct plan *ret_plan, bool *ret_left) {
    if (in->failed || !cursor_left(in))
        return THING_NOT_FOUND;
    ret_plan->plan = (uint32_t)cursor_varint(in);
    *ret_left = cursor_byte(in) & 1;
    ret_plan->measure = cursor_byte(in);
    ret_plan->target = cursor_signed(in);
    ret_plan->due = (int32_t)cursor_signed(in);
    ret_plan->from = (int32_t)cursor_signed(in);
    ret_plan->set_on = (int32_t)cursor_signed(in);
    ret_plan->recorded_on = (int32_t)cursor_signed(in);
    ret_plan->sequence = cursor_varint(in);
    return in->failed || ret_plan->measure >= MEASURE_COUNT ? THING_DAMAGED : 0;
}

static void version_put(struct buf *row, const struct plan *plan, bool left) {
    buf_put_varint(row, plan->plan);
    buf_put_byte(row, left);
    buf_put_byte(row, (uint8_t)plan->measure);
    buf_put_signed(row, plan->target);
    buf_put_signed(row, plan->due);
    buf_put_signed(row, plan->from);
    buf_put_signed(row, plan->set_on);
    buf_put_signed(row, plan->recorded_on);
    buf_put_varint(row, plan->sequence);
}

/* Whether a later version of the plan, known at the end of `at`, takes this one's place. */
static bool is_replaced(struct cursor rest, const struct plan *plan, int32_t at) {
    struct plan later;
    bool left;
    while (plan_next(&rest, &later, &left) == 0 && later.recorded_on <= at)
        if (later.plan == plan->plan)
            return true;
    return false;
}

int plan_each(struct view *view, enum noun noun, uint32_t number, int32_t at,
              int (*each)(void *context, const struct plan *plan), void *context) {
    char key[PLAN_KEY_BYTES];
    struct str row;
    int r = view_get(view, TABLE_PLAN, plan_key(key, noun, number), &row);
    if (r != 0)
        return r < 0 ? r : 0;
    struct cursor in = cursor_from(row);
    struct plan plan;
    bool left;
    int outcome = 0;
    while (outcome == 0 && (r = plan_next(&in, &plan, &left)) == 0 && plan.recorded_on <= at)
        if (!left && !is_replaced(in, &plan, at))
            outcome = each(context, &plan);
    return r == THING_DAMAGED ? error_note(-EBADMSG, "a plan's row cannot be read") : outcome;
}

struct target {
    enum MEASURE_choice measure;
    struct plan *plan;
    bool found;
};

static int take_later(void *context, const struct plan *plan) {
    struct target *target = context;
    if (plan->measure != target->measure || (target->found && plan->due < target->plan->due))
        return 0;
    *target->plan = *plan;
    target->found = true;
    return 0;
}

int plan_target(struct view *view, enum noun noun, uint32_t number, enum MEASURE_choice measure,
                int32_t at, struct plan *ret_plan) {
    struct plan plan;
    struct target target = {measure, &plan, false};
    int r = plan_each(view, noun, number, at, take_later, &target);
    if (r != 0)
        return r;
    if (!target.found)
        return THING_NOT_FOUND;
    *ret_plan = plan;
    return 0;
}

/* ---- plan.set ---- */

static int append(struct context *context, enum noun noun, uint32_t number,
                  const struct plan *version, bool left) {
    char key[PLAN_KEY_BYTES];
    struct str row = STR_NONE;
    struct plan other;
    bool other_left;
    size_t n = 0;
    int r = view_get(context->view, TABLE_PLAN, plan_key(key, noun, number), &row);
    if (r < 0)
        return r;
    struct cursor in = cursor_from(row);
    while (plan_next(&in, &other, &other_left) == 0)
        n++;
    /* One that leaves always finds room, so that no plan is bound to its subject. */
    if (n >= VERSIONS_LIMIT && !left)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.subject",
                           "more than %d plans and changes of plans of one subject",
                           VERSIONS_LIMIT);
    buf_reset(&context->scratch);
    buf_put_str(&context->scratch, row);
    version_put(&context->scratch, version, left);
    store_put(context->store, TABLE_PLAN, (struct str){key, sizeof key},
              buf_str(&context->scratch));
    return 0;
}

/* The plan as it was before leaves its subject, where that was another one. */
static int leave(struct context *context, const struct plan_set *before, const struct plan *version,
                 enum noun noun, uint32_t number) {
    uint32_t old_number;
    enum noun old_noun = subject_noun((enum SUBJECT_KIND_choice)before->subject.kind);
    int r = thing_find(context->view, old_noun, before->subject.id, &old_number);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "the subject of a plan is not there");
    if (old_noun == noun && old_number == number)
        return 0;
    r = append(context, old_noun, old_number, version, true);
    return r == 0 ? assessment_due(context, old_noun, old_number) : r;
}

/* The number of the plan named: of an old one with its attributes, or a new one. */
static int find_plan(struct context *context, struct str id, struct thing *thing,
                     uint32_t *ret_plan) {
    int r = thing_find(context->view, NOUN_PLAN, id, ret_plan);
    if (r > 0)
        return thing_name(context, NOUN_PLAN, id, "data.plan", ret_plan);
    if (r == 0)
        r = thing_get(context->view, NOUN_PLAN, *ret_plan, context->arena, thing);
    return r > 0 ? error_note(-EBADMSG, "a plan has no attributes") : r;
}

static int check_from(struct context *context, const struct plan_set *data, int32_t *ret_from) {
    if (!HAS(data, plan_set, from))
        return 0;
    *ret_from = data->from;
    return data->from <= data->due
               ? 0
               : problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.from",
                             "a plan begins before it is due; compare both dates");
}

int apply_plan_set(struct context *context, const struct event *event,
                   const struct plan_set *data) {
    const unsigned kinds = 1U << SUBJECT_KIND_REGION | 1U << SUBJECT_KIND_ORGANISATION;
    struct thing thing = {.defined_sequence = context->sequence};
    struct plan version = {.measure = (enum MEASURE_choice)data->measure,
                           .target = data->target,
                           .due = data->due,
                           .from = PLAN_NO_FROM,
                           .set_on = context_date(context),
                           .recorded_on = context_today(context),
                           .sequence = context->sequence};
    enum noun noun;
    uint32_t number, document;
    int r = subject_resolve(context, &data->subject, kinds, "data.subject", &noun, &number);
    if (r == 0 && noun == NOUN_ORGANISATION)
        r = organisation_require_active(context, number, data->subject.id, "data.subject.id");
    if (r == 0)
        r = check_from(context, data, &version.from);
    if (r == 0 && HAS(data, plan_set, document))
        r = thing_resolve(context, NOUN_DOCUMENT, data->document, "data.document", &document);
    if (r == 0)
        r = find_plan(context, data->plan, &thing, &version.plan);
    if (r == 0 && thing.attributes)
        r = leave(context, thing.attributes, &version, noun, number);
    if (r == 0)
        r = append(context, noun, number, &version, false);
    if (r != 0)
        return r;
    thing.changed_sequence = context->sequence;
    thing.attributes = event->data;
    thing_put(context, NOUN_PLAN, version.plan, &thing);
    return assessment_due(context, noun, number);
}
