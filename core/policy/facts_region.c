/* Regions, and what is counted for them. */
#include "domain/counters.h"
#include "policy/call.h"
#include "policy/counts.h"
#include "policy/subject_facts.h"

static int attributes(struct reading *reading, const struct region_defined **ret_region) {
    struct object *object = reading->object;
    if (!object->attributes) {
        struct region_defined *region = arena_alloc(reading->call->arena, sizeof *region);
        struct call *call = reading->call;
        int r = region_attributes_at(call->view, object->number, call->at, call->arena, region);
        if (r > 0) /* asked about before it was defined: as it is */
            r = region_attributes(call->view, object->number, call->arena, region);
        if (r != 0)
            return r;
        object->attributes = region;
    }
    *ret_region = object->attributes;
    return 0;
}

static int read_id(struct reading *reading) {
    const struct region_defined *region;
    int r = attributes(reading, &region);
    return r ? r : push_text(reading, region->region);
}

static int read_name(struct reading *reading) {
    const struct region_defined *region;
    int r = attributes(reading, &region);
    return r ? r : push_text(reading, region->name);
}

static int read_level(struct reading *reading) {
    const struct region_defined *region;
    int r = attributes(reading, &region);
    return r ? r : push_choice(reading, &REGION_LEVEL_choices, region->level);
}

static int read_kind(struct reading *reading) {
    const struct region_defined *region;
    int r = attributes(reading, &region);
    if (r)
        return r;
    return push_choice(reading, &REGION_KIND_choices,
                       HAS(region, region_defined, kind) ? region->kind : -1);
}

static int read_parent(struct reading *reading) {
    const struct region_defined *region;
    uint32_t parent = 0;
    int r = attributes(reading, &region);
    if (r == 0)
        r = find_number(reading, NOUN_REGION, region->parent, &parent);
    return r ? r : reading_object(reading, OBJECT_REGION, "parent", parent);
}

static int read_count(struct reading *reading) {
    return counts_read(reading, NOUN_REGION);
}

static int read_figure(struct reading *reading) {
    return figure_read(reading, NOUN_REGION);
}

static int read_plan(struct reading *reading) {
    return plan_read(reading, NOUN_REGION);
}

static int read_gained(struct reading *reading) {
    return gained_read(reading, NOUN_REGION);
}

static int read_evidence(struct reading *reading) {
    return evidence_read(reading, NOUN_REGION);
}

static int read_titles(struct reading *reading) {
    return titles_read(reading, NOUN_REGION);
}

static const struct fact facts[] = {
    FACT("id", read_id, DEFAULT_NONE),
    FACT("name", read_name, DEFAULT_NONE),
    FACT("level", read_level, DEFAULT_NONE),
    FACT("kind", read_kind, DEFAULT_NONE),
    FACT_OPTIONAL("parent", read_parent, OBJECT_REGION),
    FACT_CHECKED("count", read_count, COUNT_ARGUMENTS, DEFAULT_ZERO, counts_check),
    FACT_CHECKED("figure", read_figure, FIGURE_ARGUMENTS, DEFAULT_NONE, figure_check),
    FACT_CHECKED("plan", read_plan, ARGUMENT_NAME, DEFAULT_NONE, plan_check),
    FACT_CHECKED("gained", read_gained, GAINED_ARGUMENTS, DEFAULT_ZERO, gained_check),
    FACT_CHECKED("evidence", read_evidence, ARGUMENT_NAME, DEFAULT_NONE, evidence_check),
    FACT("titles", read_titles, DEFAULT_LIST),
    FACT("funds", funds_read, DEFAULT_LIST),
    FACT_OBJECTS("children", region_children, OBJECT_REGION),
    FACT_OBJECTS("units", region_units, OBJECT_ORGANISATION),
};

const struct object_type region_object = {"region", FACTS(facts), NULL};
