#include "domain/regions.h"

#include "util/error.h"

#define REGION_CODE_DIGITS 12

static uint32_t region_parent(struct view *view, uint32_t region) {
    char key[4];
    struct str row;
    uint32_t parent = 0;
    if (view_get(view, TABLE_REGION, number_key(key, region), &row) == 0 &&
        row.size == sizeof parent)
        memcpy(&parent, row.data, sizeof parent);
    return parent;
}

size_t region_path(struct view *view, uint32_t region, uint32_t ret_path[static REGION_DEPTH]) {
    size_t n = 0;
    for (; region != 0 && n < REGION_DEPTH; region = region_parent(view, region))
        ret_path[n++] = region;
    return n;
}

int region_attributes(struct view *view, uint32_t region, struct arena *arena,
                      struct region_defined *ret_region) {
    struct thing thing;
    int r = thing_get(view, NOUN_REGION, region, arena, &thing);
    if (r == 0)
        *ret_region = *(const struct region_defined *)thing.attributes;
    return r;
}

static int check_parent(struct context *context, const struct region_defined *data, uint32_t number,
                        uint32_t parent) {
    if (data->level == REGION_LEVEL_CITY) {
        if (parent)
            return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.parent",
                               "a city has no parent; leave it out");
        return 0;
    }
    if (!parent)
        return problem_set(context->problem, PROBLEM_MISSING_FIELD, "data.parent",
                           "a %s lies in a region one level up; name it",
                           REGION_LEVEL_choices.words[data->level]);
    struct region_defined above;
    int r = region_attributes(context->view, parent, context->arena, &above);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a region has no attributes");
    if (parent == number || above.level != data->level - 1)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.parent",
                           "the parent of a %s is a %s, but %.*s is a %s",
                           REGION_LEVEL_choices.words[data->level],
                           REGION_LEVEL_choices.words[data->level - 1], STR_ARG(data->parent),
                           REGION_LEVEL_choices.words[above.level]);
    return 0;
}

/* Sent again, it replaces the attributes; place in the tree and level are moved by region.recoded,
 * because counters hang on them. */
static int redefine(struct context *context, uint32_t number, uint32_t parent,
                    const struct region_defined *data, struct thing *thing) {
    int r = thing_get(context->view, NOUN_REGION, number, context->arena, thing);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a region has no attributes");
    const struct region_defined *old = thing->attributes;
    if (old->level != data->level || region_parent(context->view, number) != parent)
        return problem_set(
            context->problem, PROBLEM_WRONG_STATE, "data.parent",
            "region %.*s is defined at another place of the tree; moving a region is a recode",
            STR_ARG(data->region));
    return 0;
}

int apply_region_defined(struct context *context, const struct event *event,
                         const struct region_defined *data) {
    uint32_t number, parent;
    struct thing thing = {.defined_sequence = context->sequence};
    if (data->region.size != REGION_CODE_DIGITS)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.region",
                           "a region's code has 12 digits");
    int r = thing_resolve(context, NOUN_REGION, data->parent, "data.parent", &parent);
    if (r != 0)
        return r;
    r = thing_find(context->view, NOUN_REGION, data->region, &number);
    if (r < 0)
        return r;
    int checked = check_parent(context, data, r == 0 ? number : 0, parent);
    if (checked != 0)
        return checked;
    if (r == 0) {
        r = redefine(context, number, parent, data, &thing);
    } else {
        char key[4];
        r = thing_name(context, NOUN_REGION, data->region, "data.region", &number);
        if (r == 0)
            store_put(context->store, TABLE_REGION, number_key(key, number),
                      (struct str){(const char *)&parent, sizeof parent});
    }
    if (r != 0)
        return r;
    thing.changed_sequence = context->sequence;
    thing.attributes = event->data;
    thing_put(context, NOUN_REGION, number, &thing);
    return 0;
}
