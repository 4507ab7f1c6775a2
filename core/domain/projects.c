#include "domain/projects.h"

#include "domain/counters.h"
#include "domain/dictionaries.h"
#include "domain/organisations.h"
#include "util/error.h"

int project_get(struct view *view, uint32_t project, struct arena *arena,
                struct project_defined *ret_project, enum project_state *ret_state) {
    struct thing thing;
    int r = thing_get(view, NOUN_PROJECT, project, arena, &thing);
    if (r == 0) {
        *ret_project = *(const struct project_defined *)thing.attributes;
        *ret_state = thing.state;
    }
    return r;
}

const char *project_state_text(enum project_state state) {
    return state == PROJECT_OPEN ? "open" : "closed";
}

static int complain_closed(struct context *context, struct str id, const char *field) {
    return problem_set(context->problem, PROBLEM_WRONG_STATE, field,
                       "project %.*s is closed; define a new one", STR_ARG(id));
}

int project_require_open(struct context *context, uint32_t project, struct str id,
                         const char *field) {
    struct thing thing;
    int r = thing_get(context->view, NOUN_PROJECT, project, context->arena, &thing);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a project has no attributes");
    return thing.state == PROJECT_OPEN ? 0 : complain_closed(context, id, field);
}

/* In the organisation's region, the organisation, and its category's uses. */
static int count(struct context *context, uint32_t organisation, struct str category, int32_t by) {
    const struct counter_change change = {COUNTER_projects, by};
    struct organisation_row row;
    int r = organisation_get(context->view, organisation, &row);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "an organisation has no row");
    r = counter_add_region(context, 0, row.region, &change, 1);
    if (r == 0)
        r = counter_add_organisation(context, 0, organisation, &change, 1);
    return r == 0 ? dictionary_use(context, DICTIONARY_CATEGORY, category, by) : r;
}

/* What the project names must be there and open; `before` is what it named until now, or NULL. */
static int resolve(struct context *context, const struct project_defined *data,
                   const struct project_defined *before, uint32_t *ret_organisation) {
    uint32_t station;
    int32_t category;
    int r = thing_resolve(context, NOUN_ORGANISATION, data->organisation, "data.organisation",
                          ret_organisation);
    if (r == 0)
        r = organisation_require_active(context, *ret_organisation, data->organisation,
                                        "data.organisation");
    if (r == 0)
        r = thing_resolve(context, NOUN_STATION, data->station, "data.station", &station);
    if (r == 0 && (!before || !str_equal(before->category, data->category)))
        r = dictionary_require(context, DICTIONARY_CATEGORY, data->category, context_date(context),
                               "data.category", &category);
    return r;
}

/* The project named, open, with its attributes in the arena. */
static int open_project(struct context *context, struct str id, uint32_t number,
                        struct thing *ret_thing) {
    int r = thing_get(context->view, NOUN_PROJECT, number, context->arena, ret_thing);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a project has no attributes");
    return ret_thing->state == PROJECT_OPEN ? 0 : complain_closed(context, id, "data.project");
}

static int uncount(struct context *context, const struct project_defined *project) {
    uint32_t organisation;
    int r = thing_find(context->view, NOUN_ORGANISATION, project->organisation, &organisation);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "the organisation of a project is not there");
    return count(context, organisation, project->category, -1);
}

int apply_project_defined(struct context *context, const struct event *event,
                          const struct project_defined *data) {
    struct thing thing = {.defined_sequence = context->sequence, .state = PROJECT_OPEN};
    uint32_t number, organisation;
    int found = thing_find(context->view, NOUN_PROJECT, data->project, &number);
    int r = found < 0    ? found
            : found == 0 ? open_project(context, data->project, number, &thing)
                         : 0;
    if (r == 0)
        r = resolve(context, data, thing.attributes, &organisation);
    if (r == 0)
        r = found == 0 ? uncount(context, thing.attributes)
                       : thing_name(context, NOUN_PROJECT, data->project, "data.project", &number);
    if (r != 0)
        return r;
    thing.changed_sequence = context->sequence;
    thing.attributes = event->data;
    thing_put(context, NOUN_PROJECT, number, &thing);
    return count(context, organisation, data->category, 1);
}

int apply_project_closed(struct context *context, const struct event *event,
                         const struct project_closed *data) {
    (void)event;
    uint32_t number;
    struct thing thing;
    int r = thing_resolve(context, NOUN_PROJECT, data->project, "data.project", &number);
    if (r == 0)
        r = open_project(context, data->project, number, &thing);
    if (r == 0)
        r = uncount(context, thing.attributes);
    if (r != 0)
        return r;
    thing.state = PROJECT_CLOSED;
    thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_PROJECT, number, &thing);
    return 0;
}

int project_pass_on(struct context *context, uint32_t project, uint32_t from, uint32_t to) {
    struct thing thing;
    uint32_t organisation;
    int r = thing_get(context->view, NOUN_PROJECT, project, context->arena, &thing);
    if (r != 0 || thing.state != PROJECT_OPEN)
        return r < 0 ? r : 0;
    struct project_defined *data = thing.attributes;
    r = thing_find(context->view, NOUN_ORGANISATION, data->organisation, &organisation);
    if (r != 0 || organisation != from)
        return r < 0 ? r : 0;
    r = count(context, from, data->category, -1);
    if (r == 0)
        r = thing_id(context->view, NOUN_ORGANISATION, to, context->arena, &data->organisation);
    if (r != 0)
        return r;
    thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_PROJECT, project, &thing);
    return count(context, to, data->category, 1);
}
