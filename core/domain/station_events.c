/* What events do to stations: planned, progressed, built, opened, closed. */
#include <stdio.h>

#include "domain/counters.h"
#include "domain/organisations.h"
#include "domain/regions.h"
#include "domain/stations.h"
#include "domain/teams.h"
#include "util/error.h"

#define STEPS_LIMIT 400 /* of one station; what brings it to its end always finds room */

/* ---- counting ---- */

/* What a station is counted as in its region. */
static int count(struct context *context, const struct station *station, int64_t by) {
    if (!station->planned.sequence || station->state == STATION_CLOSED)
        return 0;
    const struct counter_change changes[] = {
        {COUNTER_stations_planned, by},
        {COUNTER_stations_built, station->state >= STATION_BUILT ? by : 0},
        {COUNTER_stations_opened, station->state >= STATION_OPENED ? by : 0},
        {COUNTER_stations_staff, station->parts >> STATION_PART_STAFF & 1 ? by : 0},
        {COUNTER_stations_funds, station->parts >> STATION_PART_FUNDS & 1 ? by : 0},
        {COUNTER_stations_venue, station->parts >> STATION_PART_VENUE & 1 ? by : 0},
        {COUNTER_stations_team, station->parts >> STATION_PART_TEAM & 1 ? by : 0},
    };
    return counter_add_region(context, 0, station->region, changes,
                              sizeof changes / sizeof *changes);
}

static int count_again(struct context *context, const struct station *before,
                       const struct station *after) {
    if (before->planned.sequence && before->state == after->state &&
        before->parts == after->parts && before->region == after->region)
        return 0;
    int r = count(context, before, -1);
    return r == 0 ? count(context, after, 1) : r;
}

/* ---- one more step ---- */

/* A station that is there, with its attributes; `station` is all zero for a new one. */
struct opened {
    uint32_t number;
    struct thing thing;
    struct station station;
};

static int open_station(struct context *context, struct str id, struct opened *ret_opened) {
    int r = thing_resolve(context, NOUN_STATION, id, "data.station", &ret_opened->number);
    if (r != 0)
        return r;
    r = thing_get(context->view, NOUN_STATION, ret_opened->number, context->arena,
                  &ret_opened->thing);
    if (r == 0)
        r = station_get(context->view, ret_opened->number, COUNTER_NOW, &ret_opened->station);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a station has no row or no attributes");
    if (ret_opened->station.state == STATION_CLOSED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.station",
                           "station %.*s is closed; plan a new one", STR_ARG(id));
    return 0;
}

static struct station_step step_of(const struct context *context, enum station_step_kind kind,
                                   int32_t on) {
    return (struct station_step){.kind = kind,
                                 .done = true,
                                 .on = on,
                                 .recorded_on = context_today(context),
                                 .sequence = context->sequence};
}

static void take_evidence(struct station_step *step, const struct evidence *evidence) {
    step->digest = evidence->digest;
    step->uri = evidence->uri;
    step->note = evidence->note;
}

static int put_row(struct context *context, uint32_t number, const struct station_step *step) {
    char key[4];
    struct str row = STR_NONE;
    struct station_step other;
    size_t n = 0;
    int r = view_get(context->view, TABLE_STATION, number_key(key, number), &row);
    if (r < 0)
        return r;
    struct cursor in = cursor_from(row);
    while (station_step_next(&in, &other) == 0)
        n++;
    if (n >= STEPS_LIMIT && step->kind < STATION_STEP_BUILT)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.station",
                           "more than %d steps of one station", STEPS_LIMIT);
    buf_reset(&context->scratch);
    buf_put_str(&context->scratch, row);
    station_step_put(&context->scratch, step);
    store_put(context->store, TABLE_STATION, (struct str){key, sizeof key},
              buf_str(&context->scratch));
    return 0;
}

/* The step joins the row; state and counters follow. */
static int take(struct context *context, struct opened *opened, const struct station_step *step) {
    struct station after = opened->station;
    station_take_step(&after, step);
    int r = put_row(context, opened->number, step);
    if (r == 0)
        r = count_again(context, &opened->station, &after);
    if (r != 0)
        return r;
    opened->thing.state = (uint8_t)after.state;
    opened->thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_STATION, opened->number, &opened->thing);
    return 0;
}

/* ---- planned ---- */

static int resolve_region(struct context *context, const struct station_planned *data,
                          uint32_t *ret_region) {
    struct region_defined region;
    int r = thing_resolve(context, NOUN_REGION, data->region, "data.region", ret_region);
    if (r != 0)
        return r;
    r = region_attributes(context->view, *ret_region, context->arena, &region);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a region has no attributes");
    if (region.level == REGION_LEVEL_COMMUNITY)
        return 0;
    return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.region",
                       "a station lies in a community, but %.*s is a %s; name the community",
                       STR_ARG(data->region), REGION_LEVEL_choices.words[region.level]);
}

/* Who is to bring it about; none has to be named. */
static int resolve_responsible(struct context *context, const struct station_planned *data,
                               uint32_t *ret_organisation) {
    if (!HAS(data, station_planned, responsible))
        return 0;
    int r = thing_resolve(context, NOUN_ORGANISATION, data->responsible, "data.responsible",
                          ret_organisation);
    return r == 0 ? organisation_require_active(context, *ret_organisation, data->responsible,
                                                "data.responsible")
                  : r;
}

/* Sent again it takes the new name, due, community and who is responsible, until it is closed. */
int apply_station_planned(struct context *context, const struct event *event,
                          const struct station_planned *data) {
    struct opened opened;
    struct station_step step = step_of(context, STATION_STEP_PLANNED, context_date(context));
    uint32_t number;
    memset(&opened, 0, sizeof opened);
    step.due = data->due;
    int r = resolve_region(context, data, &step.region);
    if (r == 0)
        r = resolve_responsible(context, data, &step.responsible);
    if (r != 0)
        return r;
    r = thing_find(context->view, NOUN_STATION, data->station, &number);
    if (r == 0) {
        r = open_station(context, data->station, &opened);
    } else if (r > 0) {
        opened.thing.defined_sequence = context->sequence;
        r = thing_name(context, NOUN_STATION, data->station, "data.station", &opened.number);
    }
    if (r != 0)
        return r;
    opened.thing.attributes = event->data;
    return take(context, &opened, &step);
}

/* ---- progressed ---- */

static int check_came(struct context *context, int32_t on) {
    if (on <= context_date(context))
        return 0;
    return problem_set(context->problem, PROBLEM_IN_FUTURE, "data.on",
                       "the day lies after this event; send it when it has come");
}

/* A part may be said again with better evidence; it is taken back only before the station is built,
 * and not for a day on which it was not there yet. */
static int check_part(struct context *context, const struct station *station,
                      const struct station_progressed *data) {
    const struct station_step *last = &station->part[data->part];
    if (data->done)
        return 0;
    if (station->state >= STATION_BUILT)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.done",
                           "the station is built; %s (%s) cannot be taken back any more, close "
                           "the station instead",
                           STATION_PART_choices.words[data->part],
                           STATION_PART_choices.labels[data->part]);
    if (last->done && data->on < last->on)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.on",
                           "%s (%s) was there only from a later day on; compare both dates",
                           STATION_PART_choices.words[data->part],
                           STATION_PART_choices.labels[data->part]);
    return 0;
}

/* The team that the station has: one that is registered here. */
static int resolve_team(struct context *context, const struct station_progressed *data,
                        uint32_t *ret_team) {
    if (!HAS(data, station_progressed, team))
        return 0;
    if (data->part != STATION_PART_TEAM || !data->done)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.team",
                           "a team is named as evidence of the part team (%s) alone; leave it out",
                           STATION_PART_choices.labels[STATION_PART_TEAM]);
    int r = thing_resolve(context, NOUN_TEAM, data->team, "data.team", ret_team);
    return r == 0 ? team_require_active(context, *ret_team, data->team, "data.team") : r;
}

int apply_station_progressed(struct context *context, const struct event *event,
                             const struct station_progressed *data) {
    (void)event;
    struct opened opened;
    struct station_step step = step_of(context, STATION_STEP_PART + (unsigned)data->part, data->on);
    int r = open_station(context, data->station, &opened);
    if (r == 0)
        r = check_came(context, data->on);
    if (r == 0)
        r = check_part(context, &opened.station, data);
    if (r == 0)
        r = resolve_team(context, data, &step.team);
    if (r != 0)
        return r;
    step.done = data->done;
    step.by = data->by;
    take_evidence(&step, &data->evidence);
    return take(context, &opened, &step);
}

/* ---- built, opened, closed ---- */

static int check_all_parts(struct context *context, const struct station *station) {
    char missing[160] = "";
    for (unsigned part = 0; part < STATION_PART_COUNT; part++)
        if (!(station->parts >> part & 1))
            snprintf(missing + strlen(missing), sizeof missing - strlen(missing), "%s%s %s",
                     *missing ? ", " : "", STATION_PART_choices.words[part],
                     STATION_PART_choices.labels[part]);
    if (!*missing)
        return 0;
    return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.station",
                       "not evidenced yet: %s; send station.progressed for each first", missing);
}

/* Who accepts the station is nobody who evidenced a part of it. */
static int check_accepted_by(struct context *context, const struct station *station,
                             const struct station_built *data) {
    if (!HAS(data, station_built, by))
        return 0;
    for (unsigned part = 0; part < STATION_PART_COUNT; part++)
        if (str_equal(station->part[part].by, data->by))
            return problem_set(context->problem, PROBLEM_SELF_REVIEW, "data.by",
                               "%.*s evidenced %s (%s) of it; somebody else accepts the station",
                               STR_ARG(data->by), STATION_PART_choices.words[part],
                               STATION_PART_choices.labels[part]);
    return 0;
}

/* The day that a step may not lie before: that of the last one it builds upon. */
static int check_not_before(struct context *context, int32_t on, const struct station_step *step) {
    if (!step->sequence || on >= step->on)
        return 0;
    char date[16];
    date_format(step->on, date);
    return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.on",
                       "the day lies before %s of %s; compare both dates",
                       station_step_text(step->kind), date);
}

int apply_station_built(struct context *context, const struct event *event,
                        const struct station_built *data) {
    (void)event;
    struct opened opened;
    struct station_step step = step_of(context, STATION_STEP_BUILT, data->on);
    int r = open_station(context, data->station, &opened);
    if (r != 0)
        return r;
    if (opened.station.state >= STATION_BUILT)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.station",
                           "station %.*s is built already", STR_ARG(data->station));
    r = check_all_parts(context, &opened.station);
    if (r == 0)
        r = check_accepted_by(context, &opened.station, data);
    if (r == 0)
        r = check_came(context, data->on);
    for (unsigned part = 0; r == 0 && part < STATION_PART_COUNT; part++)
        r = check_not_before(context, data->on, &opened.station.part[part]);
    if (r != 0)
        return r;
    step.by = data->by;
    take_evidence(&step, &data->evidence);
    return take(context, &opened, &step);
}

int apply_station_opened(struct context *context, const struct event *event,
                         const struct station_opened *data) {
    (void)event;
    struct opened opened;
    struct station_step step = step_of(context, STATION_STEP_OPENED, data->on);
    int r = open_station(context, data->station, &opened);
    if (r != 0)
        return r;
    if (opened.station.state != STATION_BUILT)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.station",
                           opened.station.state == STATION_OPENED
                               ? "station %.*s is open already"
                               : "station %.*s is not built yet; send station.built first",
                           STR_ARG(data->station));
    r = check_came(context, data->on);
    if (r == 0)
        r = check_not_before(context, data->on, &opened.station.built);
    return r == 0 ? take(context, &opened, &step) : r;
}

int apply_station_closed(struct context *context, const struct event *event,
                         const struct station_closed *data) {
    (void)event;
    struct opened opened;
    struct station_step step = step_of(context, STATION_STEP_CLOSED, data->on);
    int r = open_station(context, data->station, &opened);
    if (r == 0)
        r = check_came(context, data->on);
    if (r == 0)
        r = check_not_before(context, data->on, &opened.station.built);
    if (r == 0)
        r = check_not_before(context, data->on, &opened.station.opened);
    return r == 0 ? take(context, &opened, &step) : r;
}
