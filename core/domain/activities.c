#include "domain/activities.h"

#include "domain/beneficiaries.h"
#include "domain/campaigns.h"
#include "domain/counters.h"
#include "domain/dictionaries.h"
#include "domain/needs.h"
#include "domain/organisations.h"
#include "domain/person_months.h"
#include "domain/projects.h"
#include "domain/runs.h"
#include "domain/shifts.h"
#include "domain/teams.h"
#include "domain/waiting.h"
#include "util/error.h"

int activity_summary(struct view *view, uint32_t activity, struct activity_summary *ret_summary) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_ACTIVITY, number_key(key, activity), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (row.size != sizeof *ret_summary)
        return error_note(-EBADMSG, "an activity's summary cannot be read");
    memcpy(ret_summary, row.data, sizeof *ret_summary);
    return 0;
}

int activity_get(struct view *view, uint32_t activity, struct arena *arena,
                 struct activity_published *ret_activity, enum activity_state *ret_state) {
    struct thing thing;
    int r = thing_get(view, NOUN_ACTIVITY, activity, arena, &thing);
    if (r == 0) {
        *ret_activity = *(const struct activity_published *)thing.attributes;
        *ret_state = thing.state;
    }
    return r;
}

/* Lists of codes within an activity. */
static const struct {
    enum DICTIONARY_choice dictionary;
    size_t offset;
    const char *field;
} listed[] = {
    {DICTIONARY_DOMAIN, offsetof(struct activity_published, domains), "data.domains"},
    {DICTIONARY_OUTCOME, offsetof(struct activity_published, outcomes), "data.outcomes"},
    {DICTIONARY_SERVED_GROUP, offsetof(struct activity_published, served_groups),
     "data.served_groups"},
};

static const struct list *listed_codes(const struct activity_published *data, size_t i) {
    return (const void *)((const char *)data + listed[i].offset);
}

static bool has_code(const struct list *codes, struct str code) {
    const struct str *items = codes->items;
    for (size_t i = 0; i < codes->n; i++)
        if (str_equal(items[i], code))
            return true;
    return false;
}

/* Codes that it did not name `before`: an old one may have been retired since. */
static int check_code(struct context *context, const struct list *before, size_t i, struct str code,
                      int32_t *ret_number) {
    struct dictionary_code entry;
    if (!before || !has_code(before, code))
        return dictionary_require(context, listed[i].dictionary, code, context_date(context),
                                  listed[i].field, ret_number);
    int r = dictionary_get(context->view, listed[i].dictionary, code, &entry);
    *ret_number = r == 0 ? entry.number : -1;
    return r < 0 ? r : 0;
}

/* *ret_mask: a bit for each of them. */
static int check_listed(struct context *context, const struct activity_published *data,
                        const struct activity_published *before, size_t i, uint64_t *ret_mask) {
    const struct list *codes = listed_codes(data, i);
    const struct str *items = codes->items;
    int r = 0;
    *ret_mask = 0;
    for (size_t k = 0; r == 0 && k < codes->n; k++) {
        int32_t number = -1;
        r = check_code(context, before ? listed_codes(before, i) : NULL, i, items[k], &number);
        if (r == 0 && number >= 0 && number < 64)
            *ret_mask |= UINT64_C(1) << number;
    }
    return r;
}

static int check_codes(struct context *context, const struct activity_published *data,
                       const struct activity_published *before, struct activity_summary *summary) {
    int32_t category = summary->category - 1;
    int r = 0;
    if (!before || !str_equal(before->category, data->category))
        r = dictionary_require(context, DICTIONARY_CATEGORY, data->category, context_date(context),
                               "data.category", &category);
    uint64_t masks[sizeof listed / sizeof *listed] = {0};
    for (size_t i = 0; r == 0 && i < sizeof listed / sizeof *listed; i++)
        r = check_listed(context, data, before, i, &masks[i]);
    if (r != 0)
        return r;
    summary->category = (uint8_t)(category + 1);
    summary->domains = masks[0];
    summary->outcomes = (uint32_t)masks[1];
    summary->served_groups = (uint32_t)masks[2];
    summary->kind = (uint8_t)data->kind;
    summary->emergency = data->emergency;
    summary->visit = data->beneficiary.size > 0;
    summary->care = (uint8_t)(HAS(data, activity_published, care) ? data->care + 1 : 0);
    summary->month = (uint16_t)date_month(zone_date(context->zone, data->starts.us));
    return 0;
}

/* Who holds it and what it belongs to must be open where it is named anew; `before` is what it
 * named until now, or NULL. */
static int check_open(struct context *context, const struct activity_published *data,
                      const struct activity_published *before, struct activity_summary *summary) {
    uint32_t team, project, organisation = summary->organisation;
    int r = thing_resolve(context, NOUN_TEAM, data->team, "data.team", &team);
    if (r == 0)
        r = thing_resolve(context, NOUN_PROJECT, data->project, "data.project", &project);
    if (r == 0 && organisation && !(before && str_equal(before->organisation, data->organisation)))
        r = organisation_require_active(context, organisation, data->organisation,
                                        "data.organisation");
    if (r == 0 && team && !(before && str_equal(before->team, data->team)))
        r = team_require_active(context, team, data->team, "data.team");
    if (r == 0 && project && !(before && str_equal(before->project, data->project)))
        r = project_require_open(context, project, data->project, "data.project");
    summary->project = project;
    return r;
}

static bool says_something(struct str text) {
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] != ' ' && text.data[i] != '\t' && text.data[i] != '\n')
            return true;
    return false;
}

static int check_references(struct context *context, const struct activity_published *data,
                            const struct activity_published *before,
                            struct activity_summary *summary) {
    uint32_t station;
    int r = thing_resolve(context, NOUN_REGION, data->region, "data.region", &summary->region);
    if (r == 0)
        r = thing_resolve(context, NOUN_ORGANISATION, data->organisation, "data.organisation",
                          &summary->organisation);
    if (r == 0)
        r = thing_resolve(context, NOUN_STATION, data->station, "data.station", &station);
    if (r == 0)
        r = campaign_resolve(context, data->campaign, before ? before->campaign : STR_NONE,
                             "data.campaign", &summary->campaign);
    if (r == 0 && data->beneficiary.size && !before)
        r = visit_require(context, data->beneficiary, zone_date(context->zone, data->starts.us));
    if (r == 0)
        r = check_open(context, data, before, summary);
    if (r != 0)
        return r;
    if (!HAS(data, activity_published, organisation) && !HAS(data, activity_published, team))
        return problem_set(context->problem, PROBLEM_MISSING_FIELD, "data.organisation",
                           "an activity is held by an organisation or a team; name one");
    if (!says_something(data->risk))
        return problem_set(context->problem, PROBLEM_MISSING_FIELD, "data.risk",
                           "whoever comes is told what may happen: say it, or that there is no "
                           "particular risk");
    if (!date_is_kept(zone_date(context->zone, data->starts.us)))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.starts",
                           "activities are kept from 1970-01-02 to 2199; mend the year");
    return check_codes(context, data, before, summary);
}

static void summary_put(struct context *context, uint32_t number,
                        const struct activity_summary *summary) {
    char key[4];
    store_put(context->store, TABLE_ACTIVITY, number_key(key, number),
              (struct str){(const char *)summary, sizeof *summary});
}

int activity_serve(struct context *context, uint32_t activity, uint32_t minutes, int32_t sign) {
    struct activity_summary summary;
    int r = activity_summary(context->view, activity, &summary);
    if (r != 0)
        return r;
    summary.n_records += (uint32_t)sign;
    summary.minutes += (uint64_t)((int64_t)sign * minutes);
    summary_put(context, activity, &summary);
    return 0;
}

/* A calendar that took it over sees by the number that it has changed. */
static void note_change(struct activity_summary *summary) {
    if (summary->n_changes < UINT16_MAX)
        summary->n_changes++;
}

int activity_check_in(struct context *context, uint32_t activity, uint32_t at_once) {
    struct activity_summary summary;
    uint8_t most = (uint8_t)(at_once < UINT8_MAX ? at_once : UINT8_MAX);
    int r = activity_summary(context->view, activity, &summary);
    if (r != 0 || (summary.signs_in && summary.at_once == most))
        return r;
    summary.signs_in = 1;
    summary.at_once = most;
    summary_put(context, activity, &summary);
    return 0;
}

static void put(struct context *context, uint32_t number, const struct thing *thing,
                struct activity_summary *summary) {
    summary->state = thing->state;
    summary_put(context, number, summary);
    thing_put(context, NOUN_ACTIVITY, number, thing);
}

/* The codes it names are in use until it is closed or cancelled. */
static int use_codes(struct context *context, const struct activity_published *data, int32_t by) {
    int r = dictionary_use(context, DICTIONARY_CATEGORY, data->category, by);
    for (size_t i = 0; r == 0 && i < sizeof listed / sizeof *listed; i++)
        r = dictionary_use_list(context, listed[i].dictionary, listed_codes(data, i), by);
    return r;
}

static int count(struct context *context, const struct activity_published *data,
                 const struct activity_summary *summary, int32_t by) {
    const struct counter_change change = {COUNTER_activities, by};
    int32_t month = date_month(zone_date(context->zone, data->starts.us));
    int r = counter_add_region(context, month, summary->region, &change, 1);
    if (r == 0)
        r = counter_add_organisation(context, month, summary->organisation, &change, 1);
    return r == 0 ? use_codes(context, data, by) : r;
}

int apply_activity_published(struct context *context, const struct event *event,
                             const struct activity_published *data) {
    uint32_t number;
    struct activity_summary summary;
    memset(&summary, 0, sizeof summary);
    int r = check_references(context, data, NULL, &summary);
    if (r == 0)
        r = thing_name(context, NOUN_ACTIVITY, data->activity, "data.activity", &number);
    if (r != 0)
        return r;
    struct thing thing = {.defined_sequence = context->sequence,
                          .changed_sequence = context->sequence,
                          .state = ACTIVITY_PUBLISHED,
                          .attributes = event->data};
    thing_take_blobs(context, event->type->fields, &thing, &data->head);
    put(context, number, &thing, &summary);
    campaign_name_activity(context, number, 0, summary.campaign);
    r = shifts_put(context, number, data, NULL);
    return r == 0 ? count(context, data, &summary, 1) : r;
}

/* The activity named, published still; its attributes are decoded into the arena. */
static int open_activity(struct context *context, struct str id, uint32_t *ret_number,
                         struct thing *ret_thing, struct activity_summary *ret_summary) {
    int r = thing_resolve(context, NOUN_ACTIVITY, id, "data.activity", ret_number);
    if (r != 0)
        return r;
    r = thing_get(context->view, NOUN_ACTIVITY, *ret_number, context->arena, ret_thing);
    if (r == 0)
        r = activity_summary(context->view, *ret_number, ret_summary);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "an activity has no attributes");
    if (ret_thing->state != ACTIVITY_PUBLISHED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.activity",
                           "activity %.*s is %s; publish a new one", STR_ARG(id),
                           ret_thing->state == ACTIVITY_CLOSED ? "closed" : "cancelled");
    return 0;
}

int apply_activity_changed(struct context *context, const struct event *event,
                           const struct activity_changed *data) {
    uint32_t number;
    struct thing thing;
    struct activity_summary summary;
    int r = open_activity(context, data->activity, &number, &thing, &summary);
    if (r != 0)
        return r;
    struct activity_published *activity = thing.attributes;
    const struct activity_published before = *activity;
    const uint32_t campaign_before = summary.campaign;
    r = count(context, activity, &summary, -1);
    if (r != 0)
        return r;
    fields_patch(event->type->fields->list[activity_changed__changes].fields, activity,
                 &data->changes);
    r = check_references(context, activity, &before, &summary);
    if (r != 0)
        return r;
    if (activity->ends.us <= activity->starts.us)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.changes.ends",
                           "with this change the activity would end before it starts");
    thing.changed_sequence = context->sequence;
    note_change(&summary);
    thing_take_blobs(context, thing_type(NOUN_ACTIVITY)->fields, &thing, &data->changes.head);
    put(context, number, &thing, &summary);
    campaign_name_activity(context, number, campaign_before, summary.campaign);
    r = shifts_put(context, number, activity, &before);
    if (r == 0)
        r = count(context, activity, &summary, 1);
    return r == 0 ? waiting_move_up_all(context, number, activity) : r;
}

int apply_activity_cancelled(struct context *context, const struct event *event,
                             const struct activity_cancelled *data) {
    (void)event;
    uint32_t number;
    struct thing thing;
    struct activity_summary summary;
    int r = open_activity(context, data->activity, &number, &thing, &summary);
    if (r != 0)
        return r;
    thing.state = ACTIVITY_CANCELLED;
    thing.changed_sequence = context->sequence;
    note_change(&summary);
    put(context, number, &thing, &summary);
    r = shifts_cancel(context, number, thing.attributes);
    if (r == 0)
        r = needs_activity_cancelled(context, number);
    return r == 0 ? count(context, thing.attributes, &summary, -1) : r;
}

/* Whoever was to come and did not is looked for by a run. */
static int note_absences(struct context *context, uint32_t number) {
    struct run_row run = {.kind = RUN_ABSENCES, .as_of = context_date(context), .subject = number};
    int r = enrolment_count(context->view, NOUN_ACTIVITY, number, &run.last);
    return r == 0 ? run_begin_as(context, &run) : r;
}

/* It is over: it stays among the activities that are counted, and its service may still be
 * recorded.
 */
int apply_activity_closed(struct context *context, const struct event *event,
                          const struct activity_closed *data) {
    uint32_t number;
    struct thing thing;
    struct activity_summary summary;
    int r = open_activity(context, data->activity, &number, &thing, &summary);
    if (r != 0)
        return r;
    const struct activity_published *activity = thing.attributes;
    if (event->time.us < activity->starts.us)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.activity",
                           "activity %.*s has not begun; cancel it (activity.cancelled) instead",
                           STR_ARG(data->activity));
    thing.state = ACTIVITY_CLOSED;
    thing.changed_sequence = context->sequence;
    note_change(&summary);
    put(context, number, &thing, &summary);
    r = use_codes(context, activity, -1);
    return r == 0 ? note_absences(context, number) : r;
}

/* ---- who held it was dissolved ---- */

/* THING_NOT_FOUND where it is not published still. */
static int published(struct context *context, uint32_t number, struct thing *ret_thing,
                     struct activity_summary *ret_summary) {
    int r = activity_summary(context->view, number, ret_summary);
    if (r != 0 || ret_summary->state != ACTIVITY_PUBLISHED)
        return r < 0 ? r : THING_NOT_FOUND;
    r = thing_get(context->view, NOUN_ACTIVITY, number, context->arena, ret_thing);
    return r > 0 ? error_note(-EBADMSG, "an activity has no attributes") : r;
}

int activity_pass_on(struct context *context, uint32_t number, uint32_t from, uint32_t to) {
    struct thing thing;
    struct activity_summary summary;
    int r = published(context, number, &thing, &summary);
    if (r != 0 || summary.organisation != from)
        return r < 0 ? r : 0;
    struct activity_published *activity = thing.attributes;
    r = count(context, activity, &summary, -1);
    if (r == 0)
        r = thing_id(context->view, NOUN_ORGANISATION, to, context->arena, &activity->organisation);
    if (r != 0)
        return r;
    summary.organisation = to;
    thing.changed_sequence = context->sequence;
    note_change(&summary);
    put(context, number, &thing, &summary);
    return count(context, activity, &summary, 1);
}

int activity_pass_on_team(struct context *context, uint32_t number, uint32_t from, uint32_t to) {
    struct thing thing;
    struct activity_summary summary;
    uint32_t team;
    int r = published(context, number, &thing, &summary);
    if (r != 0)
        return r < 0 ? r : 0;
    struct activity_published *activity = thing.attributes;
    if (!HAS(activity, activity_published, team))
        return 0;
    r = thing_find(context->view, NOUN_TEAM, activity->team, &team);
    if (r != 0 || team != from)
        return r < 0 ? r : 0;
    r = thing_id(context->view, NOUN_TEAM, to, context->arena, &activity->team);
    if (r != 0)
        return r;
    thing.changed_sequence = context->sequence;
    note_change(&summary);
    put(context, number, &thing, &summary);
    return 0;
}
