#include "domain/organisations.h"

#include "domain/counters.h"
#include "domain/figures.h"
#include "domain/successions.h"
#include "util/error.h"

int organisation_attributes(struct view *view, uint32_t organisation, struct arena *arena,
                            struct organisation_defined *ret_organisation) {
    struct thing thing;
    int r = thing_get(view, NOUN_ORGANISATION, organisation, arena, &thing);
    if (r == 0)
        *ret_organisation = *(const struct organisation_defined *)thing.attributes;
    return r;
}

int organisation_attributes_at(struct view *view, uint32_t organisation, int32_t at,
                               struct arena *arena, struct organisation_defined *ret_organisation) {
    struct thing thing;
    int r = thing_get_at(view, NOUN_ORGANISATION, organisation, at, arena, &thing);
    if (r == 0)
        *ret_organisation = *(const struct organisation_defined *)thing.attributes;
    return r;
}

int organisation_region_at(struct view *view, uint32_t organisation,
                           const struct organisation_row *row, int32_t at, struct arena *arena,
                           uint32_t *ret_region) {
    struct organisation_defined attributes;
    *ret_region = row->region;
    if (thing_stood_at(view, NOUN_ORGANISATION, organisation, at))
        return 0;
    int r = organisation_attributes_at(view, organisation, at, arena, &attributes);
    return r == 0 ? thing_find(view, NOUN_REGION, attributes.region, ret_region) : r;
}

int organisation_get(struct view *view, uint32_t organisation, struct organisation_row *ret_row) {
    char key[4];
    struct str row;
    int r = organisation ? view_get(view, TABLE_ORGANISATION, number_key(key, organisation), &row)
                         : STORE_NOT_FOUND;
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (row.size != sizeof *ret_row)
        return error_note(-EBADMSG, "an organisation's row cannot be read");
    memcpy(ret_row, row.data, sizeof *ret_row);
    return 0;
}

/* No circle: a successor is active when it takes over, so that a chain only leads to organisations
 * dissolved later. */
int organisation_successor(struct view *view, uint32_t organisation, uint32_t *ret_successor) {
    struct organisation_row row = {.state = ORGANISATION_DISSOLVED, .successor = organisation};
    while (row.state == ORGANISATION_DISSOLVED && row.successor) {
        organisation = row.successor;
        int r = organisation_get(view, organisation, &row);
        if (r != 0)
            return r < 0 ? r : error_note(-EBADMSG, "an organisation has no row");
    }
    *ret_successor = row.state == ORGANISATION_ACTIVE ? organisation : 0;
    return 0;
}

bool organisation_stood(const struct organisation_row *row, int32_t at) {
    return row->state == ORGANISATION_ACTIVE || row->dissolved_on + row->told_late > at;
}

/* What was told within the day, or by a clock that runs ahead, was not told late. */
static uint16_t days_late(const struct context *context) {
    int32_t days = context_today(context) - context_date(context);
    return (uint16_t)(days < 0 ? 0 : days > UINT16_MAX ? UINT16_MAX : days);
}

static void put_row(struct context *context, uint32_t organisation,
                    const struct organisation_row *row) {
    char key[4];
    store_put(context->store, TABLE_ORGANISATION, number_key(key, organisation),
              (struct str){(const char *)row, sizeof *row});
}

/* ---- titled units ---- */

static bool is_counted(const struct organisation_row *row) {
    return row->unit_level && row->state == ORGANISATION_ACTIVE;
}

/* What a titled unit is counted as in its region. */
static int count_unit(struct context *context, uint32_t organisation,
                      const struct organisation_row *row, int32_t by) {
    int64_t volunteers = 0;
    if (!is_counted(row))
        return 0;
    enum counter level = row->unit_level - 1U;
    bool known = row->staff >= 0;
    int r = known ? counter_value(context->view, COUNTER_NOW, NOUN_ORGANISATION, organisation,
                                  COUNTER_volunteers, &volunteers)
                  : 0;
    const struct counter_change changes[] = {
        {COUNTER_units_county + level, by},
        {COUNTER_units_without_staff_county + level, known ? 0 : by},
        {COUNTER_unit_staff_county + level, known ? by * row->staff : 0},
        {COUNTER_unit_volunteers_county + level, by * volunteers},
    };
    return r == 0 ? counter_add_region(context, 0, row->region, changes,
                                       sizeof changes / sizeof *changes)
                  : r;
}

int organisation_count_volunteer(struct context *context, uint32_t organisation, int32_t by) {
    struct organisation_row row;
    int r = organisation_get(context->view, organisation, &row);
    if (r != 0 || !is_counted(&row) || row.staff < 0)
        return r < 0 ? r : 0;
    const struct counter_change change = {COUNTER_unit_volunteers_county + (row.unit_level - 1U),
                                          by};
    return counter_add_region(context, 0, row.region, &change, 1);
}

/* Its projects count where it is. */
static int move_projects(struct context *context, uint32_t organisation,
                         const struct organisation_row *before,
                         const struct organisation_row *after) {
    struct counter_change change = {COUNTER_projects, 0};
    if (before->region == after->region)
        return 0;
    int r = counter_value(context->view, COUNTER_NOW, NOUN_ORGANISATION, organisation,
                          COUNTER_projects, &change.by);
    if (r == 0)
        r = counter_add_region(context, 0, after->region, &change, 1);
    change.by = -change.by;
    return r == 0 ? counter_add_region(context, 0, before->region, &change, 1) : r;
}

int organisation_replace(struct context *context, uint32_t organisation,
                         const struct organisation_row *before,
                         const struct organisation_row *after) {
    bool counted = before->region != after->region || before->staff != after->staff ||
                   before->state != after->state || before->unit_level != after->unit_level;
    int r = counted ? count_unit(context, organisation, before, -1) : 0;
    if (r == 0 && counted)
        r = count_unit(context, organisation, after, 1);
    if (r == 0)
        r = move_projects(context, organisation, before, after);
    if (r == 0)
        put_row(context, organisation, after);
    return r;
}

int organisation_staff_reported(struct context *context, uint32_t organisation) {
    struct organisation_row before;
    struct figure figure;
    int r = organisation_get(context->view, organisation, &before);
    if (r == 0)
        r = figure_get(context->view, FIGURE_STAFF, NOUN_ORGANISATION, organisation, INT32_MAX,
                       COUNTER_NOW, &figure);
    if (r != 0)
        return r < 0 ? r
                     : error_note(-EBADMSG, "an organisation that was reported on is not there");
    struct organisation_row after = before;
    after.staff = figure.value;
    return organisation_replace(context, organisation, &before, &after);
}

int organisation_require_active(struct context *context, uint32_t organisation, struct str id,
                                const char *field) {
    struct organisation_row row;
    int r = organisation_get(context->view, organisation, &row);
    if (r != 0 || row.state == ORGANISATION_ACTIVE)
        return r < 0 ? r : 0;
    return problem_set(context->problem, PROBLEM_WRONG_STATE, field,
                       "organisation %.*s is dissolved; name its successor", STR_ARG(id));
}

int organisation_resolve_active(struct context *context, struct str id, const char *field,
                                uint32_t *ret_organisation, uint32_t *ret_region) {
    struct organisation_row row;
    int r = thing_resolve(context, NOUN_ORGANISATION, id, field, ret_organisation);
    if (r == 0)
        r = organisation_require_active(context, *ret_organisation, id, field);
    if (r == 0)
        r = organisation_get(context->view, *ret_organisation, &row);
    if (r == 0)
        *ret_region = row.region;
    return r;
}

/* ---- defined, updated, dissolved ---- */

/* The parents above must not lead back here. */
static int check_no_circle(struct context *context, uint32_t number, uint32_t parent) {
    for (int depth = 0; parent != 0; depth++) {
        struct organisation_defined above;
        if (parent == number || depth > 16)
            return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.parent",
                               "the parent lies below this organisation; an organisation cannot be "
                               "its own superior");
        int r = organisation_attributes(context->view, parent, context->arena, &above);
        if (r != 0)
            return r < 0 ? r : 0;
        parent = 0;
        if (HAS(&above, organisation_defined, parent))
            (void)thing_find(context->view, NOUN_ORGANISATION, above.parent, &parent);
    }
    return 0;
}

/* What the attributes name: the region into the row. */
static int resolve(struct context *context, uint32_t number,
                   const struct organisation_defined *data, struct organisation_row *row) {
    uint32_t parent;
    int r = thing_resolve(context, NOUN_REGION, data->region, "data.region", &row->region);
    if (r == 0)
        r = thing_resolve(context, NOUN_ORGANISATION, data->parent, "data.parent", &parent);
    return r == 0 && number ? check_no_circle(context, number, parent) : r;
}

/* The organisation named, not dissolved, with its attributes in the arena. */
static int open_organisation(struct context *context, struct str id, uint32_t *ret_number,
                             struct thing *ret_thing, struct organisation_row *ret_row) {
    int r = thing_resolve(context, NOUN_ORGANISATION, id, "data.organisation", ret_number);
    if (r == 0)
        r = organisation_require_active(context, *ret_number, id, "data.organisation");
    if (r != 0)
        return r;
    r = thing_get(context->view, NOUN_ORGANISATION, *ret_number, context->arena, ret_thing);
    if (r == 0)
        r = organisation_get(context->view, *ret_number, ret_row);
    return r > 0 ? error_note(-EBADMSG, "an organisation has no attributes") : r;
}

static int put_thing(struct context *context, uint32_t number, struct thing *thing,
                     const struct fields *fields, const struct data *given) {
    thing->changed_sequence = context->sequence;
    thing_take_blobs(context, fields, thing, given);
    thing_put(context, NOUN_ORGANISATION, number, thing);
    return 0;
}

static int define_new(struct context *context, const struct event *event,
                      const struct organisation_defined *data) {
    uint32_t number;
    struct organisation_row row;
    memset(&row, 0, sizeof row);
    row.staff = -1;
    int r = resolve(context, 0, data, &row);
    if (r == 0)
        r = thing_name(context, NOUN_ORGANISATION, data->organisation, "data.organisation",
                       &number);
    if (r != 0)
        return r;
    struct thing thing = {.defined_sequence = context->sequence, .attributes = event->data};
    put_row(context, number, &row);
    return put_thing(context, number, &thing, event->type->fields, &data->head);
}

int apply_organisation_defined(struct context *context, const struct event *event,
                               const struct organisation_defined *data) {
    uint32_t number;
    struct thing thing;
    struct organisation_row before;
    int r = thing_find(context->view, NOUN_ORGANISATION, data->organisation, &number);
    if (r != 0)
        return r < 0 ? r : define_new(context, event, data);
    r = open_organisation(context, data->organisation, &number, &thing, &before);
    if (r != 0)
        return r;
    struct organisation_row after = before;
    r = resolve(context, number, data, &after);
    if (r != 0)
        return r;
    thing.n_blobs = 0;
    thing.attributes = event->data;
    r = put_thing(context, number, &thing, event->type->fields, &data->head);
    return r == 0 ? organisation_replace(context, number, &before, &after) : r;
}

int apply_organisation_updated(struct context *context, const struct event *event,
                               const struct organisation_updated *data) {
    uint32_t number;
    struct thing thing;
    struct organisation_row before;
    int r = open_organisation(context, data->organisation, &number, &thing, &before);
    if (r != 0)
        return r;
    struct organisation_row after = before;
    fields_patch(event->type->fields->list[organisation_updated__changes].fields, thing.attributes,
                 &data->changes);
    r = resolve(context, number, thing.attributes, &after);
    if (r != 0)
        return r;
    r = put_thing(context, number, &thing, thing_type(NOUN_ORGANISATION)->fields,
                  &data->changes.head);
    return r == 0 ? organisation_replace(context, number, &before, &after) : r;
}

int apply_organisation_dissolved(struct context *context, const struct event *event,
                                 const struct organisation_dissolved *data) {
    (void)event;
    uint32_t number;
    struct thing thing;
    struct organisation_row before;
    int r = open_organisation(context, data->organisation, &number, &thing, &before);
    if (r != 0)
        return r;
    struct organisation_row after = before;
    r = thing_resolve(context, NOUN_ORGANISATION, data->successor, "data.successor",
                      &after.successor);
    if (r == 0 && after.successor == number)
        r = problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.successor",
                        "an organisation does not succeed itself");
    if (r == 0 && after.successor)
        r = organisation_require_active(context, after.successor, data->successor,
                                        "data.successor");
    if (r != 0)
        return r;
    after.state = ORGANISATION_DISSOLVED;
    after.dissolved_on = context_date(context);
    after.told_late = days_late(context);
    thing.state = ORGANISATION_DISSOLVED;
    thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_ORGANISATION, number, &thing);
    r = organisation_replace(context, number, &before, &after);
    return r == 0 && after.successor ? succession_begin(context, NOUN_ORGANISATION, number) : r;
}
