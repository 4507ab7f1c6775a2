#include "domain/teams.h"

#include "domain/counters.h"
#include "domain/dictionaries.h"
#include "domain/organisations.h"
#include "domain/successions.h"
#include "util/error.h"

/* ---- reading ---- */

int team_get(struct view *view, uint32_t team, struct team_row *ret_row) {
    char key[4];
    struct str row;
    int r = team ? view_get(view, TABLE_TEAM, number_key(key, team), &row) : STORE_NOT_FOUND;
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (row.size != sizeof *ret_row)
        return error_note(-EBADMSG, "a team's row cannot be read");
    memcpy(ret_row, row.data, sizeof *ret_row);
    return 0;
}

int team_attributes(struct view *view, uint32_t team, struct arena *arena,
                    struct team_formed *ret_team) {
    struct thing thing;
    int r = thing_get(view, NOUN_TEAM, team, arena, &thing);
    if (r == 0)
        *ret_team = *(const struct team_formed *)thing.attributes;
    return r;
}

/* No circle: as with organisations. */
int team_successor(struct view *view, uint32_t team, uint32_t *ret_successor) {
    struct team_row row = {.state = TEAM_DISSOLVED, .successor = team};
    while (row.state == TEAM_DISSOLVED && row.successor) {
        team = row.successor;
        int r = team_get(view, team, &row);
        if (r != 0)
            return r < 0 ? r : error_note(-EBADMSG, "a team has no row");
    }
    *ret_successor = row.state == TEAM_ACTIVE ? team : 0;
    return 0;
}

const char *team_state_text(enum team_state state) {
    return state == TEAM_ACTIVE ? "active" : "dissolved";
}

/* ---- writing ---- */

int team_require_active(struct context *context, uint32_t team, struct str id, const char *field) {
    struct team_row row;
    int r = team_get(context->view, team, &row);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a team has no row");
    if (row.state == TEAM_ACTIVE)
        return 0;
    return problem_set(context->problem, PROBLEM_WRONG_STATE, field,
                       "team %.*s is dissolved; name its successor or form a new one", STR_ARG(id));
}

void team_put(struct context *context, uint32_t team, const struct team_row *row) {
    char key[4];
    store_put(context->store, TABLE_TEAM, number_key(key, team),
              (struct str){(const char *)row, sizeof *row});
}

static int count(struct context *context, const struct team_row *row, int64_t by) {
    const struct counter_change change = {COUNTER_teams, by};
    int r = counter_add_region(context, 0, row->region, &change, 1);
    return r == 0 ? counter_add_organisation(context, 0, row->organisation, &change, 1) : r;
}

/* The category, where it is not the one it was: an old one may have been retired since. */
static int check_category(struct context *context, struct str category, struct str before) {
    int32_t number;
    if (str_equal(category, before))
        return 0;
    return dictionary_require(context, DICTIONARY_CATEGORY, category, context_date(context),
                              "data.category", &number);
}

/* Where it is and whose it is into the row, which holds what was before. */
static int resolve(struct context *context, const struct team_formed *team, struct team_row *row) {
    uint32_t organisation;
    int r = thing_resolve(context, NOUN_ORGANISATION, team->organisation, "data.organisation",
                          &organisation);
    if (r == 0 && organisation && organisation != row->organisation)
        r = organisation_require_active(context, organisation, team->organisation,
                                        "data.organisation");
    if (r != 0)
        return r;
    row->organisation = organisation;
    if (HAS(team, team_formed, region))
        return thing_resolve(context, NOUN_REGION, team->region, "data.region", &row->region);
    if (!organisation)
        return problem_set(context->problem, PROBLEM_MISSING_FIELD, "data.organisation",
                           "a team belongs to an organisation or a region; name one");
    struct organisation_row above;
    r = organisation_get(context->view, organisation, &above);
    if (r == 0)
        row->region = above.region;
    return r > 0 ? error_note(-EBADMSG, "an organisation has no row") : r;
}

/* ---- formed, updated, dissolved ---- */

int apply_team_formed(struct context *context, const struct event *event,
                      const struct team_formed *data) {
    uint32_t number;
    struct team_row row;
    memset(&row, 0, sizeof row);
    row.formed_on = context_date(context);
    int r = resolve(context, data, &row);
    if (r == 0)
        r = check_category(context, data->category, STR_NONE);
    if (r == 0)
        r = thing_name(context, NOUN_TEAM, data->team, "data.team", &number);
    if (r != 0)
        return r;
    struct thing thing = {.defined_sequence = context->sequence,
                          .changed_sequence = context->sequence,
                          .state = TEAM_ACTIVE,
                          .attributes = event->data};
    thing_put(context, NOUN_TEAM, number, &thing);
    team_put(context, number, &row);
    r = dictionary_use(context, DICTIONARY_CATEGORY, data->category, 1);
    return r == 0 ? count(context, &row, 1) : r;
}

/* The team named, active, with its attributes in the arena. */
static int open_team(struct context *context, struct str id, uint32_t *ret_number,
                     struct thing *ret_thing, struct team_row *ret_row) {
    int r = thing_resolve(context, NOUN_TEAM, id, "data.team", ret_number);
    if (r == 0)
        r = team_require_active(context, *ret_number, id, "data.team");
    if (r != 0)
        return r;
    r = thing_get(context->view, NOUN_TEAM, *ret_number, context->arena, ret_thing);
    if (r == 0)
        r = team_get(context->view, *ret_number, ret_row);
    return r > 0 ? error_note(-EBADMSG, "a team has no attributes") : r;
}

int apply_team_updated(struct context *context, const struct event *event,
                       const struct team_updated *data) {
    uint32_t number;
    struct thing thing;
    struct team_row before;
    int r = open_team(context, data->team, &number, &thing, &before);
    if (r != 0)
        return r;
    struct team_formed *team = thing.attributes;
    struct str category = team->category;
    struct team_row after = before;
    fields_patch(event->type->fields->list[team_updated__changes].fields, team, &data->changes);
    r = resolve(context, team, &after);
    if (r == 0)
        r = check_category(context, team->category, category);
    if (r == 0)
        r = dictionary_use(context, DICTIONARY_CATEGORY, category, -1);
    if (r == 0)
        r = dictionary_use(context, DICTIONARY_CATEGORY, team->category, 1);
    if (r != 0)
        return r;
    thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_TEAM, number, &thing);
    team_put(context, number, &after);
    if (before.region == after.region && before.organisation == after.organisation)
        return 0;
    r = count(context, &before, -1);
    return r == 0 ? count(context, &after, 1) : r;
}

int apply_team_dissolved(struct context *context, const struct event *event,
                         const struct team_dissolved *data) {
    (void)event;
    uint32_t number;
    struct thing thing;
    struct team_row row;
    int r = open_team(context, data->team, &number, &thing, &row);
    if (r == 0)
        r = thing_resolve(context, NOUN_TEAM, data->successor, "data.successor", &row.successor);
    if (r == 0 && row.successor == number)
        r = problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.successor",
                        "a team does not succeed itself");
    if (r == 0 && row.successor)
        r = team_require_active(context, row.successor, data->successor, "data.successor");
    if (r != 0)
        return r;
    const struct team_formed *team = thing.attributes;
    row.state = TEAM_DISSOLVED;
    row.dissolved_on = context_date(context);
    thing.state = TEAM_DISSOLVED;
    thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_TEAM, number, &thing);
    team_put(context, number, &row);
    r = dictionary_use(context, DICTIONARY_CATEGORY, team->category, -1);
    if (r == 0)
        r = count(context, &row, -1);
    return r == 0 && row.successor ? succession_begin(context, NOUN_TEAM, number) : r;
}

int team_pass_on(struct context *context, uint32_t team, uint32_t from, uint32_t to) {
    struct team_row before;
    struct thing thing;
    int r = team_get(context->view, team, &before);
    if (r != 0 || before.state != TEAM_ACTIVE || before.organisation != from)
        return r < 0 ? r : 0;
    r = thing_get(context->view, NOUN_TEAM, team, context->arena, &thing);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a team has no attributes");
    struct team_formed *data = thing.attributes;
    struct team_row after = before;
    r = thing_id(context->view, NOUN_ORGANISATION, to, context->arena, &data->organisation);
    if (r == 0)
        r = resolve(context, data, &after);
    if (r != 0)
        return r;
    thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_TEAM, team, &thing);
    team_put(context, team, &after);
    r = count(context, &before, -1);
    return r == 0 ? count(context, &after, 1) : r;
}
