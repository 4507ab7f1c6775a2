#include "domain/policies.h"

#include <stdio.h>

#include "domain/alerts.h"
#include "domain/points.h"
#include "domain/policy_runs.h"
#include "util/error.h"

#define GENERATION "policy_generation"
#define REVISIONS "policy_revision"

uint32_t policy_generation(struct view *view) {
    return number_last(view, GENERATION);
}

/* Row: state byte, varint scope, varint sequence, varint set aside, signed retired from, byte
 * reaches back, signed activated, attributes. */
static void revision_put(struct context *context, const struct policy_revision *revision) {
    char key[4];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put_byte(row, revision->state);
    buf_put_varint(row, revision->scope);
    buf_put_varint(row, revision->sequence);
    buf_put_varint(row, revision->set_aside);
    buf_put_signed(row, revision->retired_from);
    buf_put_byte(row, revision->reaches_back);
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
    ret_revision->retired_from = (int32_t)cursor_signed(&in);
    ret_revision->reaches_back = cursor_byte(&in) != 0;
    ret_revision->activated_us = cursor_signed(&in);
    return fields_decode(&policy_activated_fields, &in, arena, &ret_revision->data) != 0 ||
           in.failed;
}

/* The name under which a revision's number is kept. */
static const char *number_name(struct str revision, char name[static 128]) {
    snprintf(name, 128, "revision %.*s", (int)(revision.size < 80 ? revision.size : 80),
             revision.data);
    return name;
}

uint32_t policy_revision_number(struct view *view, struct str revision) {
    char name[128];
    return revision.size ? number_last(view, number_name(revision, name)) : 0;
}

void policy_reach_back(struct context *context, struct policy_revision *revision) {
    revision->reaches_back = true;
    revision_put(context, revision);
    (void)number_next(context, GENERATION);
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

/* The texts stay where they are: this is asked within events. */
static int borrow_revision(struct view *view, uint32_t number, struct arena *arena,
                           struct policy_revision *ret_revision) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_POLICY, number_key(key, number), &row);
    if (r < 0)
        return r;
    if (r > 0 || policy_revision_decode(row, arena, ret_revision) != 0)
        return error_note(-EBADMSG, "a policy's row cannot be read");
    ret_revision->number = number;
    return 0;
}

int policy_list(struct view *view, struct arena *arena, struct policy_revision **ret_list,
                size_t *ret_n) {
    uint32_t n = number_last(view, REVISIONS);
    struct policy_revision *list = arena_alloc(arena, (n + 1) * sizeof *list);
    for (uint32_t i = 0; i < n; i++) {
        int r = borrow_revision(view, i + 1, arena, &list[i]);
        if (r != 0)
            return r;
    }
    *ret_list = list;
    *ret_n = n;
    return 0;
}

int policy_is_in_force(struct view *view, struct arena *arena, enum POLICY_KIND_choice kind,
                       int32_t date) {
    uint32_t n = number_last(view, REVISIONS);
    for (uint32_t number = 1; number <= n; number++) {
        struct policy_revision revision;
        int r = borrow_revision(view, number, arena, &revision);
        if (r != 0)
            return r;
        if (revision.data.kind == (int32_t)kind && policy_revision_holds(&revision, date))
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

/* 1 with the revision of this text, 0 where there is none, < 0. */
static int revision_find(struct context *context, struct str text,
                         struct policy_revision *ret_revision) {
    struct name_search search = {.revision = text, .found = ret_revision};
    return policy_revisions(context->view, context->arena, find_revision, &search);
}

bool policy_kind_has_many(int32_t kind) {
    return kind == POLICY_KIND_POINTS || kind == POLICY_KIND_HONOUR ||
           kind == POLICY_KIND_ASSESSMENT || kind == POLICY_KIND_BULLETIN;
}

bool policy_revisions_compete(const struct policy_revision *a, const struct policy_revision *b) {
    return a->scope == b->scope && a->data.kind == b->data.kind &&
           (!policy_kind_has_many(a->data.kind) || str_equal(a->data.policy, b->data.policy));
}

/* ---- proposed, in force ---- */

static int refuse_again(struct context *context, struct str revision) {
    return problem_set(context->problem, PROBLEM_ALREADY_EXISTS, "data.revision",
                       "revision %.*s is there already; someone else was quicker: look at it and "
                       "try again",
                       STR_ARG(revision));
}

/* Fills scope and data of a revision that is new, and notes the policy's name. */
static int revision_begin(struct context *context, const struct policy_activated *data,
                          struct policy_revision *revision) {
    uint32_t ignored;
    int r = thing_resolve(context, NOUN_REGION, data->scope, "data.scope", &revision->scope);
    if (r == 0 && thing_find(context->view, NOUN_POLICY, data->policy, &ignored) > 0)
        r = thing_name(context, NOUN_POLICY, data->policy, "data.policy", &ignored);
    revision->sequence = context->sequence;
    revision->retired_from = POLICY_NOT_RETIRED;
    revision->data = *data;
    return r;
}

/* Both have the same fields in the same order. */
static struct policy_activated as_activated(const struct policy_proposed *data) {
    struct policy_activated same;
    _Static_assert(sizeof *data == sizeof same, "what is proposed is what is put in force");
    memcpy(&same, data, sizeof same);
    return same;
}

int apply_policy_proposed(struct context *context, const struct event *event,
                          const struct policy_proposed *data) {
    struct policy_activated terms = as_activated(data);
    struct policy_revision revision = {.state = POLICY_PROPOSED}, same;
    int r = revision_find(context, data->revision, &same);
    if (r != 0)
        return r < 0 ? r : refuse_again(context, data->revision);
    r = revision_begin(context, &terms, &revision);
    if (r != 0)
        return r;
    revision.number = number_next(context, REVISIONS);
    revision.activated_us = event->time.us;
    revision_put(context, &revision);
    return 0;
}

struct newer_search {
    const struct policy_revision *revision;
    struct policy_revision found;
};

static int find_newer(void *context, const struct policy_revision *other) {
    struct newer_search *search = context;
    if (other->state == POLICY_PROPOSED || other->number <= search->revision->number ||
        !policy_revisions_compete(other, search->revision))
        return 0;
    search->found = *other;
    return 1;
}

/* What was proposed before a newer revision came into force was judged against another state. */
static int check_proposal(struct context *context, const struct policy_revision *proposal,
                          const struct policy_activated *data) {
    struct newer_search search = {.revision = proposal};
    if (!str_equal(proposal->data.policy, data->policy))
        return problem_set_unknown(context->problem, "policy", "data.policy", data->policy);
    int r = policy_revisions(context->view, context->arena, find_newer, &search);
    if (r > 0)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.revision",
                           "%.*s came into force after %.*s was proposed: propose it again",
                           STR_ARG(search.found.data.revision), STR_ARG(data->revision));
    return r;
}

/* Its number: that of its proposal, or the next. */
static int take_number(struct context *context, const struct policy_activated *data,
                       uint32_t *ret_number) {
    struct policy_revision same;
    int r = revision_find(context, data->revision, &same);
    if (r > 0 && same.state != POLICY_PROPOSED)
        return refuse_again(context, data->revision);
    if (r > 0) {
        *ret_number = same.number;
        return check_proposal(context, &same, data);
    }
    if (r == 0)
        *ret_number = number_next(context, REVISIONS);
    return r;
}

/* What was said of the rule of that kind that was in force is over. */
static int rule_changed(struct context *context, enum POLICY_KIND_choice kind) {
    return kind == POLICY_KIND_REGISTRATION ? alert_registration_ruled(context) : 0;
}

int apply_policy_activated(struct context *context, const struct event *event,
                           const struct policy_activated *data) {
    struct policy_revision revision = {.state = POLICY_IN_FORCE};
    int r = revision_begin(context, data, &revision);
    if (r == 0)
        r = take_number(context, data, &revision.number);
    if (r != 0)
        return r;
    char name[128];
    revision.activated_us = event->time.us;
    number_set(context, number_name(data->revision, name), revision.number);
    revision_put(context, &revision);
    (void)number_next(context, GENERATION);
    r = data->kind == POLICY_KIND_POINTS ? points_ask_again(context, revision.number) : 0;
    if (r == 0)
        r = rule_changed(context, (enum POLICY_KIND_choice)data->kind);
    return r == 0 ? policy_runs_begin(context, &revision) : r;
}

/* ---- out of force ---- */

struct retirement {
    struct context *context;
    struct str policy;
    uint32_t scope;
    int32_t from;
    enum POLICY_KIND_choice kind; /* of those that were found */
    unsigned n;
};

static int retire_one(void *context, const struct policy_revision *revision) {
    struct retirement *retirement = context;
    struct policy_revision retired = *revision;
    if (!str_equal(revision->data.policy, retirement->policy) ||
        revision->scope != retirement->scope || revision->state == POLICY_PROPOSED ||
        revision->retired_from <= retirement->from)
        return 0;
    retired.retired_from = retirement->from;
    revision_put(retirement->context, &retired);
    retirement->kind = (enum POLICY_KIND_choice)revision->data.kind;
    retirement->n++;
    return 0;
}

int apply_policy_retired(struct context *context, const struct event *event,
                         const struct policy_retired *data) {
    (void)event;
    struct retirement retirement = {
        .context = context, .policy = data->policy, .from = context_date(context)};
    uint32_t ignored;
    int r = thing_find(context->view, NOUN_POLICY, data->policy, &ignored);
    if (r > 0)
        return problem_set_unknown(context->problem, "policy", "data.policy", data->policy);
    if (r == 0)
        r = thing_resolve(context, NOUN_REGION, data->scope, "data.scope", &retirement.scope);
    if (r != 0)
        return r;
    if (HAS(data, policy_retired, from))
        retirement.from = data->from;
    r = policy_revisions(context->view, context->arena, retire_one, &retirement);
    if (r < 0)
        return r;
    if (retirement.n == 0)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.policy",
                           "no revision of %.*s is in force there any more", STR_ARG(data->policy));
    (void)number_next(context, GENERATION);
    return rule_changed(context, retirement.kind);
}

/* The revision named, of that policy. */
static int revision_named(struct context *context, struct str policy, struct str revision,
                          struct policy_revision *ret_revision) {
    int r = revision_find(context, revision, ret_revision);
    if (r < 0)
        return r;
    if (r == 0 || !str_equal(ret_revision->data.policy, policy))
        return problem_set_unknown(context->problem, "policy", "data.revision", revision);
    return 0;
}

int apply_policy_set_aside(struct context *context, const struct event *event,
                           const struct policy_set_aside *data) {
    (void)event;
    struct policy_revision revision;
    int r = revision_named(context, data->policy, data->revision, &revision);
    if (r != 0)
        return r;
    if (revision.state != POLICY_IN_FORCE)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.revision",
                           revision.state == POLICY_SET_ASIDE
                               ? "this revision is set aside already"
                               : "this revision is proposed, not in force");
    revision.state = POLICY_SET_ASIDE;
    revision.set_aside = context->sequence;
    revision_put(context, &revision);
    (void)number_next(context, GENERATION);
    return rule_changed(context, (enum POLICY_KIND_choice)revision.data.kind);
}

int apply_policy_released(struct context *context, const struct event *event,
                          const struct policy_released *data) {
    (void)event;
    struct policy_revision revision;
    int r = revision_named(context, data->policy, data->revision, &revision);
    if (r != 0)
        return r;
    if (revision.state != POLICY_SET_ASIDE)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.revision",
                           "this revision is not set aside");
    revision.state = POLICY_IN_FORCE;
    revision.set_aside = 0;
    revision_put(context, &revision);
    (void)number_next(context, GENERATION);
    return 0;
}
