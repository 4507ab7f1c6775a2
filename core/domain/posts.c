#include "domain/posts.h"

#include "domain/campaigns.h"
#include "domain/counters.h"
#include "domain/duties.h"
#include "domain/enrolments.h"
#include "domain/organisations.h"
#include "domain/standing.h"
#include "util/error.h"

/* ---- reading ---- */

int post_get(struct view *view, uint32_t post, struct post_row *ret_row) {
    char key[4];
    struct str row;
    int r = post ? view_get(view, TABLE_POST, number_key(key, post), &row) : STORE_NOT_FOUND;
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (row.size != sizeof *ret_row)
        return error_note(-EBADMSG, "a post's row cannot be read");
    memcpy(ret_row, row.data, sizeof *ret_row);
    return 0;
}

int post_region(struct view *view, uint32_t post, uint32_t *ret_region) {
    struct post_row row;
    int r = post_get(view, post, &row);
    if (r == 0)
        *ret_region = row.region;
    return r;
}

int post_places_left(struct view *view, uint32_t post, uint32_t *ret_places) {
    struct post_row row;
    int r = post_get(view, post, &row);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a post has no row");
    if (!row.places)
        return ENROLMENT_UNLIMITED;
    *ret_places = row.places > row.n_accepted ? row.places - row.n_accepted : 0;
    return 0;
}

/* ---- defined ---- */

static void put(struct context *context, uint32_t post, const struct post_row *row) {
    char key[4];
    store_put(context->store, TABLE_POST, number_key(key, post),
              (struct str){(const char *)row, sizeof *row});
}

/* ---- counting: in the region, and of the organisation whose post it is ---- */

#define PRESENT 4

static void present_of(const struct post_row *row, int by,
                       struct counter_change ret_changes[static PRESENT]) {
    bool open = row->region && row->state == POST_OPEN;
    ret_changes[0] = (struct counter_change){COUNTER_posts, open ? by : 0};
    ret_changes[1] =
        (struct counter_change){COUNTER_posts_claimed, open && row->n_accepted ? by : 0};
    ret_changes[2] =
        (struct counter_change){COUNTER_posts_overdue, open && row->overdue_since ? by : 0};
    ret_changes[3] =
        (struct counter_change){COUNTER_post_claims, open ? by * (int64_t)row->n_accepted : 0};
}

static int add(struct context *context, const struct post_row *row,
               const struct counter_change *changes, size_t n) {
    int r = row->region ? counter_add_region(context, 0, row->region, changes, n) : 0;
    return r == 0 ? counter_add_organisation(context, 0, row->organisation, changes, n) : r;
}

int post_replace(struct context *context, uint32_t post, const struct post_row *before,
                 const struct post_row *after) {
    struct counter_change gone[PRESENT], come[PRESENT];
    bool same = before->region == after->region && before->organisation == after->organisation;
    present_of(before, -1, gone);
    present_of(after, 1, come);
    put(context, post, after);
    for (size_t i = 0; same && i < PRESENT; i++) {
        come[i].by += gone[i].by;
        gone[i].by = 0;
    }
    int r = same ? 0 : add(context, before, gone, PRESENT);
    return r == 0 ? add(context, after, come, PRESENT) : r;
}

int post_count(struct context *context, uint32_t post, int32_t accepted, int32_t waitlisted) {
    struct post_row row;
    int r = post_get(context->view, post, &row);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a post has no row");
    const struct post_row before = row;
    row.n_accepted = (uint32_t)((int64_t)row.n_accepted + accepted);
    row.n_waitlisted = (uint32_t)((int64_t)row.n_waitlisted + waitlisted);
    return post_replace(context, post, &before, &row);
}

/* ---- defined, closed ---- */

/* All zero where it is defined for the first time. */
static int post_before(struct view *view, uint32_t post, struct post_row *ret_row) {
    memset(ret_row, 0, sizeof *ret_row);
    int r = post_get(view, post, ret_row);
    return r < 0 ? r : 0;
}

/* The campaign that it named until now: it need not be open still. */
static struct str campaign_before(const struct thing *thing) {
    const struct post_defined *before = thing->attributes;
    return before ? before->campaign : STR_NONE;
}

static int resolve_all(struct context *context, const struct post_defined *data,
                       struct post_row *ret_row) {
    int r = thing_resolve(context, NOUN_REGION, data->region, "data.region", &ret_row->region);
    if (r == 0)
        r = thing_resolve(context, NOUN_ORGANISATION, data->organisation, "data.organisation",
                          &ret_row->organisation);
    if (r == 0 && ret_row->organisation)
        r = organisation_require_active(context, ret_row->organisation, data->organisation,
                                        "data.organisation");
    return r;
}

int apply_post_defined(struct context *context, const struct event *event,
                       const struct post_defined *data) {
    uint32_t number, campaign;
    struct post_row named = {0}, before;
    struct thing thing;
    int r = resolve_all(context, data, &named);
    if (r == 0)
        r = duty_check_calendar(context, data);
    if (r == 0)
        r = thing_define(context, NOUN_POST, data->post, "data.post", &number, &thing);
    if (r == 0)
        r = campaign_resolve(context, data->campaign, campaign_before(&thing), "data.campaign",
                             &campaign);
    if (r == 0)
        r = post_before(context->view, number, &before);
    if (r != 0)
        return r;
    struct post_row row = before;
    row.region = named.region;
    row.organisation = named.organisation;
    row.campaign = campaign;
    row.places = HAS(data, post_defined, places) ? (uint32_t)data->places : 0;
    row.kind = (uint8_t)data->kind;
    row.state = POST_OPEN;
    row.has_responsible = HAS(data, post_defined, responsible);
    r = duty_plan(context, number, before.state == POST_OPEN ? thing.attributes : NULL, data, &row);
    if (r != 0)
        return r;
    thing.changed_sequence = context->sequence;
    thing.state = POST_OPEN;
    thing.attributes = event->data;
    thing_put(context, NOUN_POST, number, &thing);
    return post_replace(context, number, &before, &row);
}

int post_require_open(struct context *context, const struct post_row *row, struct str id) {
    return row->state == POST_OPEN
               ? 0
               : problem_set(
                     context->problem, PROBLEM_WRONG_STATE, "data.post",
                     "post %.*s is closed; define it again (post.defined) where it is to go "
                     "on",
                     STR_ARG(id));
}

int apply_post_closed(struct context *context, const struct event *event,
                      const struct post_closed *data) {
    (void)event;
    uint32_t number;
    struct post_row before;
    struct thing thing;
    int r = thing_resolve(context, NOUN_POST, data->post, "data.post", &number);
    if (r == 0)
        r = post_get(context->view, number, &before);
    if (r == 0)
        r = post_require_open(context, &before, data->post);
    if (r == 0)
        r = thing_get(context->view, NOUN_POST, number, context->arena, &thing);
    if (r != 0)
        return r;
    struct post_row row = before;
    row.state = POST_CLOSED;
    row.due_on = row.overdue_since = 0;
    thing.state = POST_CLOSED;
    thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_POST, number, &thing);
    return post_replace(context, number, &before, &row);
}

int post_pass_on(struct context *context, uint32_t post, uint32_t from, uint32_t to) {
    struct thing thing;
    uint32_t organisation;
    int r = thing_get(context->view, NOUN_POST, post, context->arena, &thing);
    if (r != 0)
        return r < 0 ? r : 0;
    struct post_defined *data = thing.attributes;
    if (!HAS(data, post_defined, organisation))
        return 0;
    r = thing_find(context->view, NOUN_ORGANISATION, data->organisation, &organisation);
    if (r != 0 || organisation != from)
        return r < 0 ? r : 0;
    r = thing_id(context->view, NOUN_ORGANISATION, to, context->arena, &data->organisation);
    if (r != 0)
        return r;
    thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_POST, post, &thing);
    struct post_row row, before;
    r = post_get(context->view, post, &before);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a post has no row");
    row = before;
    row.organisation = to;
    return post_replace(context, post, &before, &row);
}

/* ---- claimed, accepted, decided, released ---- */

/* By a team or an employer: nothing is decided before the person has agreed. */
static int offer(struct context *context, uint32_t number, struct enrolment *claim) {
    struct enrolment_row *row = &claim->row;
    int r = enrolment_require_none(context, claim, "data.post");
    if (r != 0)
        return r;
    row->n_requests++;
    row->requested_s = context->event->time.us / MICROSECONDS;
    row->sequence = context->sequence;
    return enrolment_set_state(context, number, claim, ENROLMENT_OFFERED);
}

static int open_post(struct context *context, struct str id, uint32_t *ret_number) {
    struct post_row row;
    int r = thing_resolve(context, NOUN_POST, id, "data.post", ret_number);
    if (r == 0)
        r = post_get(context->view, *ret_number, &row);
    return r == 0 ? post_require_open(context, &row, id) : r;
}

int apply_post_claimed(struct context *context, const struct event *event,
                       const struct post_claimed *data) {
    (void)event;
    uint32_t post, volunteer, number;
    struct volunteer_row person;
    struct enrolment claim;
    int r = open_post(context, data->post, &post);
    if (r == 0)
        r = volunteer_open_registered(context, data->volunteer, &volunteer, &person);
    if (r == 0)
        r = standing_allows(context, &person, data->volunteer, "data.volunteer");
    if (r == 0)
        r = enrolment_open(context, NOUN_POST, post, volunteer, STR_NONE, &number, &claim);
    if (r != 0)
        return r;
    bool for_oneself = !HAS(data, post_claimed, by) || data->by == ENROLLED_BY_SELF;
    if (for_oneself && claim.row.state == ENROLMENT_OFFERED)
        return enrolment_request(context, number, &claim, "data.post");
    if (claim.row.state == ENROLMENT_NONE || claim.row.state == ENROLMENT_REFUSED ||
        claim.row.state == ENROLMENT_CANCELLED)
        claim.row.by = (uint8_t)(for_oneself ? ENROLLED_BY_SELF : data->by);
    return for_oneself ? enrolment_request(context, number, &claim, "data.post")
                       : offer(context, number, &claim);
}

int post_find_claim(struct context *context, struct str post, struct str volunteer,
                    uint32_t *ret_number, struct enrolment *ret_claim) {
    uint32_t at, who;
    struct volunteer_row person;
    int r = thing_resolve(context, NOUN_POST, post, "data.post", &at);
    if (r == 0)
        r = thing_resolve(context, NOUN_VOLUNTEER, volunteer, "data.volunteer", &who);
    if (r != 0)
        return r;
    r = enrolment_find(context->view, NOUN_POST, at, who, STR_NONE, ret_number);
    if (r == 0)
        return enrolment_open(context, NOUN_POST, at, who, STR_NONE, ret_number, ret_claim);
    if (r > 0)
        r = volunteer_get(context->view, who, &person);
    if (r == 0)
        r = volunteer_refuse_merged(context, who, &person, volunteer, "data.volunteer");
    return r ? r
             : problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                           "%.*s never claimed this post", STR_ARG(volunteer));
}

/* The person agrees to what a team or an employer claimed: only now the city's rule is asked. */
int apply_post_accepted(struct context *context, const struct event *event,
                        const struct post_accepted *data) {
    (void)event;
    uint32_t number, post;
    struct volunteer_row person;
    struct enrolment claim;
    int r = open_post(context, data->post, &post);
    if (r == 0)
        r = post_find_claim(context, data->post, data->volunteer, &number, &claim);
    if (r == 0)
        r = volunteer_get(context->view, claim.row.volunteer, &person);
    if (r == 0)
        r = standing_allows(context, &person, data->volunteer, "data.volunteer");
    if (r != 0)
        return r;
    if (claim.row.state != ENROLMENT_OFFERED)
        return problem_set(
            context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
            "nobody claimed this post for %.*s who has still to accept it; the claim "
            "is %s",
            STR_ARG(data->volunteer), enrolment_state_text((enum enrolment_state)claim.row.state));
    return enrolment_request(context, number, &claim, "data.post");
}

int apply_post_decided(struct context *context, const struct event *event,
                       const struct post_decided *data) {
    (void)event;
    uint32_t number;
    struct enrolment claim;
    int r = post_find_claim(context, data->post, data->volunteer, &number, &claim);
    return r == 0 ? enrolment_decide(context, number, &claim,
                                     (enum ENROLMENT_OUTCOME_choice)data->outcome)
                  : r;
}

int apply_post_released(struct context *context, const struct event *event,
                        const struct post_released *data) {
    (void)event;
    uint32_t number;
    struct enrolment claim;
    int r = post_find_claim(context, data->post, data->volunteer, &number, &claim);
    if (r != 0)
        return r;
    if (claim.row.state != ENROLMENT_ACCEPTED && claim.row.state != ENROLMENT_WAITLISTED &&
        claim.row.state != ENROLMENT_OFFERED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                           "%.*s does not hold this post; the claim is %s",
                           STR_ARG(data->volunteer),
                           enrolment_state_text((enum enrolment_state)claim.row.state));
    return enrolment_set_state(context, number, &claim, ENROLMENT_CANCELLED);
}
