#include "domain/volunteers.h"

#include "domain/counters.h"
#include "domain/enrolments.h"
#include "domain/former_selves.h"
#include "domain/hot.h"
#include "domain/merges.h"
#include "domain/organisations.h"
#include "domain/people_mix.h"
#include "domain/points.h"
#include "domain/report_ins.h"
#include "domain/teams.h"
#include "util/error.h"

int volunteer_get(struct view *view, uint32_t volunteer, struct volunteer_row *ret_row) {
    char key[4];
    struct str row;
    if (hot_recall(view, HOT_LAST_VOLUNTEER, volunteer, ret_row, sizeof *ret_row))
        return 0;
    int r = volunteer ? view_get(view, TABLE_VOLUNTEER, number_key(key, volunteer), &row)
                      : STORE_NOT_FOUND;
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (row.size != sizeof *ret_row)
        return error_note(-EBADMSG, "a volunteer's row cannot be read");
    memcpy(ret_row, row.data, sizeof *ret_row);
    hot_remember(view, HOT_LAST_VOLUNTEER, volunteer, ret_row, sizeof *ret_row);
    return 0;
}

void volunteer_put(struct context *context, uint32_t volunteer, const struct volunteer_row *row) {
    char key[4];
    store_put(context->store, TABLE_VOLUNTEER, number_key(key, volunteer),
              (struct str){(const char *)row, sizeof *row});
    hot_remember(context->view, HOT_LAST_VOLUNTEER, volunteer, row, sizeof *row);
}

int32_t volunteer_age(const struct volunteer_row *row, int32_t on) {
    if (row->born == INT32_MIN)
        return -1;
    int32_t months = date_month(on) - row->born;
    /* The birthday is taken as the month's last day: within the birth month one is still the
     * younger age. */
    if (on + 1 < month_first_date(date_month(on) + 1) || months % 12 != 0)
        months -= months % 12 == 0;
    return months < 0 ? 0 : months / 12;
}

int volunteer_by_identity(struct view *view, struct str match, uint32_t *ret_volunteer) {
    struct str row;
    int r = match.size ? view_get(view, TABLE_IDENTITY, match, &row) : STORE_NOT_FOUND;
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (row.size != sizeof *ret_volunteer)
        return error_note(-EBADMSG, "an identity's row cannot be read");
    memcpy(ret_volunteer, row.data, sizeof *ret_volunteer);
    return 0;
}

/* The event's identity hash, if it brings one. */
static struct str event_match(const struct event *event) {
    for (size_t i = 0; i < event->n_blobs; i++)
        if (event->blobs[i].match.size)
            return event->blobs[i].match;
    return STR_NONE;
}

/* Where a person who is registered already may be asked for: the teams, and who registered the
 * person. Whose number it is, nobody is told. */
struct whereabouts {
    struct context *context;
    struct buf text;
    unsigned n_teams;
};
#define TEAMS_TOLD 3

static int tell_team(void *context, uint32_t team, const struct member_row *row) {
    struct whereabouts *self = context;
    struct team_row of;
    struct team_formed attributes;
    int r = team_get(self->context->view, team, &of);
    if (r != 0 || row->left_on || of.state == TEAM_DISSOLVED || self->n_teams == TEAMS_TOLD)
        return r < 0 ? r : 0;
    r = team_attributes(self->context->view, team, self->context->arena, &attributes);
    if (r == 0)
        buf_printf(&self->text, "%s%.*s", self->n_teams++ ? ", " : "; join by the team ",
                   STR_ARG(attributes.name));
    return r < 0 ? r : 0;
}

static int tell_organisation(struct whereabouts *self, uint32_t volunteer) {
    struct context *context = self->context;
    struct thing thing;
    struct organisation_defined by;
    uint32_t number;
    int r = thing_get(context->view, NOUN_VOLUNTEER, volunteer, context->arena, &thing);
    if (r != 0)
        return r < 0 ? r : 0;
    const struct volunteer_registered *attributes = thing.attributes;
    if (!HAS(attributes, volunteer_registered, registered_by))
        return 0;
    r = thing_find(context->view, NOUN_ORGANISATION, attributes->registered_by, &number);
    if (r == 0)
        r = organisation_attributes(context->view, number, context->arena, &by);
    if (r == 0)
        buf_printf(&self->text, "; the registration is with %.*s", STR_ARG(by.name));
    return r < 0 ? r : 0;
}

static int complain_known(struct context *context, uint32_t volunteer, const char *field) {
    struct whereabouts self = {.context = context};
    int r = volunteer_teams_each(context->view, volunteer, tell_team, &self);
    if (r == 0)
        r = tell_organisation(&self, volunteer);
    if (r == 0)
        r = problem_set(context->problem, PROBLEM_IDENTITY_KNOWN, field,
                        "a person with this document is registered already; go on with that "
                        "registration instead of registering again%.*s",
                        (int)self.text.size, self.text.size ? self.text.data : "");
    buf_deinit(&self.text);
    return r;
}

/* Who has withdrawn may register again, under a new id, and takes the identity along. */
static int check_identity(struct context *context, uint32_t self, const char *field,
                          uint32_t *ret_former) {
    uint32_t other;
    struct volunteer_row row;
    int r = volunteer_by_identity(context->view, event_match(context->event), &other);
    if (r == 0 && other != self)
        r = volunteer_get(context->view, other, &row);
    else
        return r < 0 ? r : 0;
    if (r == 0)
        *ret_former = other;
    if (r == 0 && row.state != VOLUNTEER_WITHDRAWN)
        return complain_known(context, other, field);
    return r < 0 ? r : 0;
}

static void put_identity(struct context *context, uint32_t volunteer) {
    struct str match = event_match(context->event);
    if (match.size)
        store_put(context->store, TABLE_IDENTITY, match,
                  (struct str){(const char *)&volunteer, sizeof volunteer});
}

static bool has_identity(const struct thing *thing) {
    for (size_t i = 0; i < thing->n_blobs; i++)
        if (thing->blobs[i].field == volunteer_registered__identity)
            return true;
    return false;
}

/* A person stands in the counters of the residence and its parents, and of the employer, while
 * registered. */
static int count_person(struct context *context, const struct volunteer_row *row, int32_t by) {
    if (row->state != VOLUNTEER_REGISTERED || row->standing == STANDING_DEREGISTERED)
        return 0;
    struct counter_change changes[3 + PEOPLE_MIX_CHANGES] = {
        {COUNTER_volunteers, by},
        {COUNTER_STARS + (row->stars <= 5 ? row->stars : 5U), by},
        {COUNTER_in_service_party_members,
         row->party_status == PARTY_STATUS_IN_SERVICE + 1 ? by : 0},
    };
    const size_t n = 3 + people_mix_changes(row, by, changes + 3);
    int r = counter_add_region(context, 0, row->region, changes, n);
    if (r == 0 && row->employer)
        r = counter_add_organisation(context, 0, row->employer, changes, n);
    return r == 0 && row->employer ? organisation_count_volunteer(context, row->employer, by) : r;
}

int volunteer_replace(struct context *context, uint32_t volunteer,
                      const struct volunteer_row *before, const struct volunteer_row *after) {
    bool counted =
        before->state != after->state || before->stars != after->stars ||
        before->region != after->region || before->employer != after->employer ||
        before->party_status != after->party_status || !people_mix_same(before, after) ||
        (before->standing == STANDING_DEREGISTERED) != (after->standing == STANDING_DEREGISTERED);
    int r = counted ? count_person(context, before, -1) : 0;
    if (r == 0 && counted)
        r = count_person(context, after, 1);
    if (r == 0 && counted && before->marks & MARK_REPORTED_IN)
        r = report_in_follow(context, volunteer, before, after);
    leader_note(context, volunteer, before, after);
    if (r == 0)
        volunteer_put(context, volunteer, after);
    return r;
}

/* An employer that is named anew must not be dissolved. */
static int resolve_employer(struct context *context, const struct volunteer_registered *data,
                            struct volunteer_row *row) {
    uint32_t employer;
    int r = thing_resolve(context, NOUN_ORGANISATION, data->employer, "data.employer", &employer);
    if (r == 0 && employer && employer != row->employer)
        r = organisation_require_active(context, employer, data->employer, "data.employer");
    if (r == 0)
        row->employer = employer;
    return r;
}

/* What the attributes say again in the row, for speed. */
static int row_from_attributes(struct context *context, const struct volunteer_registered *data,
                               uint32_t self, struct volunteer_row *row) {
    uint32_t number;
    int r = thing_resolve(context, NOUN_REGION, data->region, "data.region", &row->region);
    if (r == 0)
        r = resolve_employer(context, data, row);
    if (r == 0)
        r = thing_resolve(context, NOUN_ORGANISATION, data->registered_by, "data.registered_by",
                          &number);
    if (r == 0)
        r = thing_resolve(context, NOUN_VOLUNTEER, data->referred_by, "data.referred_by",
                          &row->referred_by);
    if (r == 0)
        r = volunteer_survivor(context->view, &row->referred_by);
    if (r != 0)
        return r;
    if (self && row->referred_by == self)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.referred_by",
                           "nobody refers themselves");
    row->born = HAS(data, volunteer_registered, born) ? data->born : INT32_MIN;
    row->sex = HAS(data, volunteer_registered, sex) ? (uint8_t)(data->sex + 1) : 0;
    row->party_status =
        HAS(data, volunteer_registered, party_status) ? (uint8_t)(data->party_status + 1) : 0;
    if (row->born != INT32_MIN && row->born > date_month(context_date(context)))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.born",
                           "born after this event");
    return 0;
}

int apply_volunteer_registered(struct context *context, const struct event *event,
                               const struct volunteer_registered *data) {
    uint32_t number, former = 0;
    struct volunteer_row row;
    memset(&row, 0, sizeof row);
    row.state = VOLUNTEER_REGISTERED;
    row.registered_on = context_date(context);
    int r = check_identity(context, 0, "data.identity.number", &former);
    if (r == 0)
        r = row_from_attributes(context, data, 0, &row);
    if (r == 0)
        r = thing_name(context, NOUN_VOLUNTEER, data->volunteer, "data.volunteer", &number);
    if (r != 0)
        return r;
    struct thing thing = {.defined_sequence = context->sequence,
                          .changed_sequence = context->sequence,
                          .attributes = event->data};
    thing_take_blobs(context, event->type->fields, &thing, &data->head);
    thing_put(context, NOUN_VOLUNTEER, number, &thing);
    put_identity(context, number);
    people_mix_read(data, has_identity(&thing), &row);
    leader_note(context, number, &(struct volunteer_row){0}, &row);
    if (former)
        former_self_put(context, number, former);
    volunteer_put(context, number, &row);
    r = count_person(context, &row, 1);
    if (r != 0)
        return r;
    context_ask(context, POLICY_KIND_REGISTRATION, number, context_date(context));
    points_ask_volunteer(context, number, EVENT_volunteer_registered);
    return 0;
}

int volunteer_refuse_merged(struct context *context, uint32_t volunteer,
                            const struct volunteer_row *row, struct str id, const char *field) {
    struct str into;
    if (row->state != VOLUNTEER_MERGED)
        return 0;
    int r = volunteer_survivor(context->view, &volunteer);
    if (r == 0)
        r = thing_id(context->view, NOUN_VOLUNTEER, volunteer, context->arena, &into);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a merged volunteer leads nowhere");
    return problem_set(context->problem, PROBLEM_WRONG_STATE, field,
                       "volunteer %.*s was merged into %.*s; send this for %.*s", STR_ARG(id),
                       STR_ARG(into), STR_ARG(into));
}

int volunteer_open_at(struct context *context, struct str id, const char *field,
                      uint32_t *ret_number, struct volunteer_row *ret_row) {
    int r = thing_resolve(context, NOUN_VOLUNTEER, id, field, ret_number);
    if (r == 0)
        r = volunteer_get(context->view, *ret_number, ret_row);
    if (r == 0 && ret_row->state == VOLUNTEER_WITHDRAWN)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, field,
                           "volunteer %.*s has withdrawn; register again under a new id",
                           STR_ARG(id));
    if (r == 0 && ret_row->state == VOLUNTEER_DECEASED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, field,
                           "volunteer %.*s has died; nothing more is said of the person",
                           STR_ARG(id));
    return r == 0 ? volunteer_refuse_merged(context, *ret_number, ret_row, id, field) : r;
}

int volunteer_open(struct context *context, struct str id, uint32_t *ret_number,
                   struct volunteer_row *ret_row) {
    return volunteer_open_at(context, id, "data.volunteer", ret_number, ret_row);
}

int volunteer_open_registered(struct context *context, struct str id, uint32_t *ret_number,
                              struct volunteer_row *ret_row) {
    int r = volunteer_open(context, id, ret_number, ret_row);
    if (r == 0 && ret_row->state == VOLUNTEER_HELD)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                           "the registration of %.*s is held; settle it first", STR_ARG(id));
    return r;
}

int volunteer_keep_slot(struct context *context, uint32_t volunteer) {
    struct thing thing;
    if (context->event->n_blobs == 0)
        return 0;
    int r = thing_get(context->view, NOUN_VOLUNTEER, volunteer, context->arena, &thing);
    if (r != 0 || thing.slot)
        return r;
    thing.slot = context->event->blobs[0].slot;
    thing_put(context, NOUN_VOLUNTEER, volunteer, &thing);
    return 0;
}

/* The identity row of the document a person no longer shows goes, so that the number is free again.
 */
static void drop_identity(struct context *context, const struct thing *thing) {
    for (size_t i = 0; i < thing->n_blobs; i++)
        if (thing->blobs[i].match.size)
            store_put(context->store, TABLE_IDENTITY, thing->blobs[i].match, STR_NONE);
}

int volunteer_give_identity(struct context *context, uint32_t from, uint32_t to) {
    struct thing thing;
    uint32_t holder = 0;
    int r = thing_get(context->view, NOUN_VOLUNTEER, from, context->arena, &thing);
    for (size_t i = 0; r == 0 && i < thing.n_blobs; i++) {
        struct str match = thing.blobs[i].match;
        int found = volunteer_by_identity(context->view, match, &holder);
        if (found < 0)
            return found;
        if (found == 0 && holder == from)
            store_put(context->store, TABLE_IDENTITY, match,
                      (struct str){(const char *)&to, sizeof to});
    }
    return r > 0 ? error_note(-EBADMSG, "a volunteer has no attributes") : r;
}

int apply_volunteer_updated(struct context *context, const struct event *event,
                            const struct volunteer_updated *data) {
    uint32_t number, former = 0;
    struct volunteer_row before, after;
    struct thing thing;
    int r = volunteer_open(context, data->volunteer, &number, &before);
    if (r == 0)
        r = check_identity(context, number, "data.changes.identity.number", &former);
    if (r == 0)
        r = thing_get(context->view, NOUN_VOLUNTEER, number, context->arena, &thing);
    if (r != 0)
        return r;
    fields_patch(event->type->fields->list[volunteer_updated__changes].fields, thing.attributes,
                 &data->changes);
    after = before;
    r = row_from_attributes(context, thing.attributes, number, &after);
    if (r != 0)
        return r;
    uint64_t identity = UINT64_C(1) << volunteer_registered__identity;
    if ((data->changes.head.present | data->changes.head.removed | data->changes.head.sealed) &
        identity)
        drop_identity(context, &thing);
    thing.changed_sequence = context->sequence;
    thing_take_blobs(context, thing_type(NOUN_VOLUNTEER)->fields, &thing, &data->changes.head);
    thing_put(context, NOUN_VOLUNTEER, number, &thing);
    put_identity(context, number);
    people_mix_read(thing.attributes, has_identity(&thing), &after);
    if (former)
        former_self_put(context, number, former);
    r = volunteer_replace(context, number, &before, &after);
    if (r == 0)
        context_ask(context, POLICY_KIND_REGISTRATION, number, context_date(context));
    return r;
}

/* Who goes is counted no more, is no member of a team, and leaves the places to others. */
static int leave(struct context *context, uint32_t number, const struct volunteer_row *before,
                 enum volunteer_state state, int32_t on) {
    struct volunteer_row after = *before;
    after.state = (uint8_t)state;
    after.withdrawn_on = on;
    int r = volunteer_replace(context, number, before, &after);
    if (r == 0)
        r = team_leave_all(context, number, on);
    return r == 0 ? enrolments_end(context, number) : r;
}

int apply_volunteer_withdrawn(struct context *context, const struct event *event,
                              const struct volunteer_withdrawn *data) {
    (void)event;
    uint32_t number;
    struct volunteer_row row;
    int r = volunteer_open(context, data->volunteer, &number, &row);
    if (r != 0)
        return r;
    int32_t on = HAS(data, volunteer_withdrawn, on) ? data->on : context_date(context);
    if (on > context_date(context) || on < row.registered_on)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.on",
                           "the day of withdrawal lies between registration and today");
    return leave(context, number, &row, VOLUNTEER_WITHDRAWN, on);
}

/* The identity stays taken: nobody registers under a dead person's document. */
int apply_volunteer_died(struct context *context, const struct event *event,
                         const struct volunteer_died *data) {
    (void)event;
    uint32_t number;
    struct volunteer_row row;
    int r = volunteer_open(context, data->volunteer, &number, &row);
    if (r != 0)
        return r;
    if (data->on > context_date(context))
        return problem_set(context->problem, PROBLEM_IN_FUTURE, "data.on",
                           "the day of death lies after this event; mend the date");
    if (data->on < row.registered_on || (row.born != INT32_MIN && date_month(data->on) < row.born))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.on",
                           "the day of death lies before registration or birth; mend the date");
    return leave(context, number, &row, VOLUNTEER_DECEASED, data->on);
}

int apply_volunteer_moved(struct context *context, const struct event *event,
                          const struct volunteer_moved *data) {
    (void)event;
    uint32_t number;
    struct volunteer_row before;
    struct thing thing;
    int r = volunteer_open(context, data->volunteer, &number, &before);
    if (r != 0)
        return r;
    struct volunteer_row after = before;
    r = thing_resolve(context, NOUN_REGION, data->region, "data.region", &after.region);
    if (r == 0 && after.region == before.region)
        r = problem_set(context->problem, PROBLEM_WRONG_STATE, "data.region",
                        "volunteer %.*s lives in this region already", STR_ARG(data->volunteer));
    if (r != 0)
        return r;
    r = thing_get(context->view, NOUN_VOLUNTEER, number, context->arena, &thing);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a volunteer has no attributes");
    struct volunteer_registered *attributes = thing.attributes;
    attributes->region = data->region;
    thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_VOLUNTEER, number, &thing);
    return volunteer_replace(context, number, &before, &after);
}

/* State of the thing, of a person whose registration itself was held: what registering earns is
 * asked for once, when he or she is released for the first time. */
#define NEWCOMER 1

static int ask_newcomer(struct context *context, uint32_t number, const struct event *event,
                        bool is_held) {
    struct thing thing;
    int r = thing_get(context->view, NOUN_VOLUNTEER, number, context->arena, &thing);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a volunteer has no attributes");
    bool was_newcomer = thing.state == NEWCOMER;
    bool is_newcomer = is_held && (was_newcomer || event->cause == thing.defined_sequence);
    if (was_newcomer == is_newcomer)
        return 0;
    thing.state = is_newcomer ? NEWCOMER : 0;
    thing_put(context, NOUN_VOLUNTEER, number, &thing);
    if (was_newcomer)
        points_ask_volunteer(context, number, EVENT_volunteer_registered);
    return 0;
}

int apply_registration_decided(struct context *context, const struct event *event,
                               const struct registration_decided *data) {
    uint32_t number;
    struct volunteer_row before;
    int r = volunteer_open(context, data->volunteer, &number, &before);
    if (r != 0)
        return r;
    struct volunteer_row after = before;
    after.state = data->outcome == OUTCOME_HELD ? VOLUNTEER_HELD : VOLUNTEER_REGISTERED;
    if (before.state != after.state)
        r = ask_newcomer(context, number, event, after.state == VOLUNTEER_HELD);
    return r == 0 ? volunteer_replace(context, number, &before, &after) : r;
}

/* It is told by the journal alone: nothing of the person changes. */
int apply_identity_read(struct context *context, const struct event *event,
                        const struct identity_read *data) {
    (void)event;
    uint32_t ignored;
    return thing_resolve(context, NOUN_VOLUNTEER, data->volunteer, "data.volunteer", &ignored);
}
