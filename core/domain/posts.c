#include "domain/posts.h"

#include "domain/campaigns.h"
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

int post_count(struct context *context, uint32_t post, int32_t accepted, int32_t waitlisted) {
    struct post_row row;
    int r = post_get(context->view, post, &row);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a post has no row");
    row.n_accepted = (uint32_t)((int64_t)row.n_accepted + accepted);
    row.n_waitlisted = (uint32_t)((int64_t)row.n_waitlisted + waitlisted);
    put(context, post, &row);
    return 0;
}

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

int apply_post_defined(struct context *context, const struct event *event,
                       const struct post_defined *data) {
    uint32_t number, organisation, campaign;
    struct post_row row = {.places = HAS(data, post_defined, places) ? (uint32_t)data->places : 0};
    struct post_row before;
    struct thing thing;
    int r = thing_resolve(context, NOUN_REGION, data->region, "data.region", &row.region);
    if (r == 0)
        r = thing_resolve(context, NOUN_ORGANISATION, data->organisation, "data.organisation",
                          &organisation);
    if (r == 0 && organisation)
        r = organisation_require_active(context, organisation, data->organisation,
                                        "data.organisation");
    if (r == 0)
        r = thing_define(context, NOUN_POST, data->post, "data.post", &number, &thing);
    if (r == 0)
        r = campaign_resolve(context, data->campaign, campaign_before(&thing), "data.campaign",
                             &campaign);
    if (r == 0)
        r = post_before(context->view, number, &before);
    if (r != 0)
        return r;
    thing.changed_sequence = context->sequence;
    thing.attributes = event->data;
    thing_put(context, NOUN_POST, number, &thing);
    row.n_accepted = before.n_accepted;
    row.n_waitlisted = before.n_waitlisted;
    put(context, number, &row);
    return 0;
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
    return 0;
}

/* ---- claimed, decided, released ---- */

int apply_post_claimed(struct context *context, const struct event *event,
                       const struct post_claimed *data) {
    (void)event;
    uint32_t post, volunteer, number;
    struct volunteer_row person;
    struct enrolment claim;
    int r = thing_resolve(context, NOUN_POST, data->post, "data.post", &post);
    if (r == 0)
        r = volunteer_open_registered(context, data->volunteer, &volunteer, &person);
    if (r == 0)
        r = standing_allows(context, &person, data->volunteer, "data.volunteer");
    if (r == 0)
        r = enrolment_open(context, NOUN_POST, post, volunteer, STR_NONE, &number, &claim);
    return r == 0 ? enrolment_request(context, number, &claim, "data.post") : r;
}

static int find_claim(struct context *context, struct str post, struct str volunteer,
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

int apply_post_decided(struct context *context, const struct event *event,
                       const struct post_decided *data) {
    (void)event;
    uint32_t number;
    struct enrolment claim;
    int r = find_claim(context, data->post, data->volunteer, &number, &claim);
    return r == 0 ? enrolment_decide(context, number, &claim,
                                     (enum ENROLMENT_OUTCOME_choice)data->outcome)
                  : r;
}

int apply_post_released(struct context *context, const struct event *event,
                        const struct post_released *data) {
    (void)event;
    uint32_t number;
    struct enrolment claim;
    int r = find_claim(context, data->post, data->volunteer, &number, &claim);
    if (r != 0)
        return r;
    if (claim.row.state != ENROLMENT_ACCEPTED && claim.row.state != ENROLMENT_WAITLISTED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                           "%.*s does not hold this post; the claim is %s",
                           STR_ARG(data->volunteer),
                           enrolment_state_text((enum enrolment_state)claim.row.state));
    return enrolment_set_state(context, number, &claim, ENROLMENT_CANCELLED);
}
