#include "domain/organisations.h"

#include "util/error.h"

int organisation_attributes(struct view *view, uint32_t organisation, struct arena *arena,
                            struct organisation_defined *ret_organisation) {
    struct thing thing;
    int r = thing_get(view, NOUN_ORGANISATION, organisation, arena, &thing);
    if (r == 0)
        *ret_organisation = *(const struct organisation_defined *)thing.attributes;
    return r;
}

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

int apply_organisation_defined(struct context *context, const struct event *event,
                               const struct organisation_defined *data) {
    uint32_t number = 0, region, parent;
    struct thing thing = {.defined_sequence = context->sequence};
    int r = thing_resolve(context, NOUN_REGION, data->region, "data.region", &region);
    if (r == 0)
        r = thing_resolve(context, NOUN_ORGANISATION, data->parent, "data.parent", &parent);
    if (r != 0)
        return r;
    r = thing_find(context->view, NOUN_ORGANISATION, data->organisation, &number);
    if (r < 0)
        return r;
    if (r == 0) {
        int checked = check_no_circle(context, number, parent);
        if (checked != 0)
            return checked;
        struct thing old;
        r = thing_get(context->view, NOUN_ORGANISATION, number, context->arena, &old);
        if (r != 0)
            return r < 0 ? r : error_note(-EBADMSG, "an organisation has no attributes");
        thing.defined_sequence = old.defined_sequence;
        thing.slot = old.slot;
    } else {
        r = thing_name(context, NOUN_ORGANISATION, data->organisation, "data.organisation",
                       &number);
        if (r != 0)
            return r;
    }
    thing.changed_sequence = context->sequence;
    thing.attributes = event->data;
    thing_take_blobs(context, event->type->fields, &thing, &data->head);
    thing_put(context, NOUN_ORGANISATION, number, &thing);
    return 0;
}
