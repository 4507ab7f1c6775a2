#include "domain/policies.h"

#include "domain/points.h"
#include "domain/runs.h"
#include "util/error.h"

#define GENERATION "policy_generation"
#define REVISIONS "policy_revision"

uint32_t policy_generation(struct view *view) {
    return number_last(view, GENERATION);
}

/* Row: state byte, varint scope, varint sequence, varint set aside, signed activated, attributes.
 */
static void revision_put(struct context *context, const struct policy_revision *revision) {
    char key[4];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put_byte(row, revision->state);
    buf_put_varint(row, revision->scope);
    buf_put_varint(row, revision->sequence);
    buf_put_varint(row, revision->set_aside);
    buf_put_signed(row, revision->activated_us);
    fields_encode(&policy_activated_fields, &revision->data, row);
    store_put(context->store, TABLE_POLICY, number_key(key, revision->number), buf_str(row));
}

int policy_revision_decode(struct str row, struct arena *arena,
                           struct policy_revision *ret_revision) {
    struct cursor in = cursor_from(row);
    memset(ret_revision, 0, sizeof *ret_revision);
    ret_revision->state = cursor_byte(&in);
    ret_revision->scope = (uint32_t)cursor_varint(&in);
    ret_revision->sequence = cursor_varint(&in);
    ret_revision->set_aside = cursor_varint(&in);
    ret_revision->activated_us = cursor_signed(&in);
    return fields_decode(&policy_activated_fields, &in, arena, &ret_revision->data) != 0 ||
           in.failed;
}

int policy_revision_get(struct view *view, uint32_t number, struct arena *arena,
                        struct policy_revision *ret_revision) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_POLICY, number_key(key, number), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (policy_revision_decode(arena_copy(arena, row), arena, ret_revision) != 0)
        return error_note(-EBADMSG, "a policy's row cannot be read");
    ret_revision->number = number;
    return 0;
}

int policy_revisions(struct view *view, struct arena *arena,
                     int (*each)(void *context, const struct policy_revision *revision),
                     void *context) {
    uint32_t n = number_last(view, REVISIONS);
    for (uint32_t number = 1; number <= n; number++) {
        struct policy_revision revision;
        int r = policy_revision_get(view, number, arena, &revision);
        if (r == 0)
            r = each(context, &revision);
        if (r != 0)
            return r;
    }
    return 0;
}

int policy_is_in_force(struct view *view, struct arena *arena, enum POLICY_KIND_choice kind,
                       int32_t date) {
    uint32_t n = number_last(view, REVISIONS);
    for (uint32_t number = 1; number <= n; number++) {
        struct policy_revision revision;
        struct str row;
        char key[4];
        int r = view_get(view, TABLE_POLICY, number_key(key, number), &row);
        if (r < 0)
            return r;
        /* The texts stay where they are: this is asked within events. */
        if (r > 0 || policy_revision_decode(row, arena, &revision) != 0)
            return error_note(-EBADMSG, "a policy's row cannot be read");
        if (revision.data.kind == (int32_t)kind && revision.state == POLICY_IN_FORCE &&
            revision.data.effective <= date)
            return 1;
    }
    return 0;
}

struct name_search {
    struct str policy;
    struct str revision;
    struct policy_revision *found;
    unsigned n;
};

static int count_name(void *context, const struct policy_revision *revision) {
    struct name_search *search = context;
    search->n += str_equal(revision->data.policy, search->policy);
    return 0;
}

struct str policy_next_revision(struct view *view, struct str policy, struct arena *arena) {
    struct name_search search = {.policy = policy};
    (void)policy_revisions(view, arena, count_name, &search);
    return arena_printf(arena, "%.*s:%u", STR_ARG(policy), search.n + 1);
}

static int find_revision(void *context, const struct policy_revision *revision) {
    struct name_search *search = context;
    if (!str_equal(revision->data.revision, search->revision))
        return 0;
    *search->found = *revision;
    return 1;
}

int apply_policy_activated(struct context *context, const struct event *event,
                           const struct policy_activated *data) {
    struct policy_revision revision = {.state = POLICY_IN_FORCE, .sequence = context->sequence};
    struct policy_revision same;
    struct name_search search = {.revision = data->revision, .found = &same};
    uint32_t ignored;
    int r = thing_resolve(context, NOUN_REGION, data->scope, "data.scope", &revision.scope);
    if (r != 0)
        return r;
    r = policy_revisions(context->view, context->arena, find_revision, &search);
    if (r < 0)
        return r;
    if (r > 0)
        return problem_set(context->problem, PROBLEM_ALREADY_EXISTS, "data.revision",
                           "revision %.*s was activated already; someone else was quicker: look at "
                           "it and try again",
                           STR_ARG(data->revision));
    if (thing_find(context->view, NOUN_POLICY, data->policy, &ignored) > 0) {
        r = thing_name(context, NOUN_POLICY, data->policy, "data.policy", &ignored);
        if (r != 0)
            return r;
    }
    revision.number = number_next(context, REVISIONS);
    revision.activated_us = event->time.us;
    revision.data = *data;
    revision_put(context, &revision);
    (void)number_next(context, GENERATION);
    /* Only the rating of everyone is taken up again at once; what a record was credited stays until
     * it is corrected. */
    if (data->kind == POLICY_KIND_STAR_RATING && data->retroactivity != RETROACTIVITY_FROM_NOW)
        return run_begin(context, RUN_STARS, revision.number, context_date(context));
    return data->kind == POLICY_KIND_POINTS ? points_ask_again(context, revision.number) : 0;
}

int apply_policy_set_aside(struct context *context, const struct event *event,
                           const struct policy_set_aside *data) {
    (void)event;
    struct policy_revision revision;
    struct name_search search = {.revision = data->revision, .found = &revision};
    int r = policy_revisions(context->view, context->arena, find_revision, &search);
    if (r < 0)
        return r;
    if (r == 0 || !str_equal(revision.data.policy, data->policy))
        return problem_set_unknown(context->problem, "policy", "data.revision", data->revision);
    if (revision.state == POLICY_SET_ASIDE)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.revision",
                           "this revision is set aside already");
    revision.state = POLICY_SET_ASIDE;
    revision.set_aside = context->sequence;
    revision_put(context, &revision);
    (void)number_next(context, GENERATION);
    return 0;
}
