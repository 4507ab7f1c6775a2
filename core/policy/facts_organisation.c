/* Organisations, and what is counted for them. */
#include "domain/organisations.h"
#include "policy/call.h"
#include "policy/counts.h"
#include "policy/subject_facts.h"

static int attributes(struct reading *reading,
                      const struct organisation_defined **ret_organisation) {
    struct object *object = reading->object;
    if (!object->attributes) {
        struct organisation_defined *organisation =
            arena_alloc(reading->call->arena, sizeof *organisation);
        struct call *call = reading->call;
        int r = organisation_attributes_at(call->view, object->number, call->at, call->arena,
                                           organisation);
        if (r > 0) /* asked about before it was defined: as it is */
            r = organisation_attributes(call->view, object->number, call->arena, organisation);
        if (r != 0)
            return r;
        object->attributes = organisation;
    }
    *ret_organisation = object->attributes;
    return 0;
}

static int read_id(struct reading *reading) {
    return push_id(reading, NOUN_ORGANISATION, reading->object->number);
}

static int read_name(struct reading *reading) {
    const struct organisation_defined *organisation;
    int r = attributes(reading, &organisation);
    return r ? r : push_text(reading, organisation->name);
}

static int read_kind(struct reading *reading) {
    const struct organisation_defined *organisation;
    int r = attributes(reading, &organisation);
    return r ? r : push_choice(reading, &ORGANISATION_KIND_choices, organisation->kind);
}

static int read_line(struct reading *reading) {
    const struct organisation_defined *organisation;
    int r = attributes(reading, &organisation);
    if (r)
        return r;
    return push_choice(reading, &LINE_choices,
                       HAS(organisation, organisation_defined, line) ? organisation->line : -1);
}

static int read_region(struct reading *reading) {
    const struct organisation_defined *organisation;
    uint32_t region = 0;
    int r = attributes(reading, &organisation);
    if (r == 0)
        r = find_number(reading, NOUN_REGION, organisation->region, &region);
    return r ? r : reading_object(reading, OBJECT_REGION, "region", region);
}

static int read_parent(struct reading *reading) {
    const struct organisation_defined *organisation;
    uint32_t parent = 0;
    int r = attributes(reading, &organisation);
    if (r == 0)
        r = find_number(reading, NOUN_ORGANISATION, organisation->parent, &parent);
    return r ? r : reading_object(reading, OBJECT_ORGANISATION, "parent", parent);
}

static int read_count(struct reading *reading) {
    return counts_read(reading, NOUN_ORGANISATION);
}

static int read_figure(struct reading *reading) {
    return figure_read(reading, NOUN_ORGANISATION);
}

static int read_plan(struct reading *reading) {
    return plan_read(reading, NOUN_ORGANISATION);
}

static int read_gained(struct reading *reading) {
    return gained_read(reading, NOUN_ORGANISATION);
}

static int read_evidence(struct reading *reading) {
    return evidence_read(reading, NOUN_ORGANISATION);
}

static int read_titles(struct reading *reading) {
    return titles_read(reading, NOUN_ORGANISATION);
}

static const struct fact facts[] = {
    FACT("id", read_id, DEFAULT_NONE),
    FACT("name", read_name, DEFAULT_NONE),
    FACT("kind", read_kind, DEFAULT_NONE),
    FACT("line", read_line, DEFAULT_NONE),
    FACT_OBJECT("region", read_region, OBJECT_REGION),
    FACT_OPTIONAL("parent", read_parent, OBJECT_ORGANISATION),
    FACT_CHECKED("count", read_count, COUNT_ARGUMENTS, DEFAULT_ZERO, counts_check),
    FACT_CHECKED("figure", read_figure, FIGURE_ARGUMENTS, DEFAULT_NONE, figure_check),
    FACT_CHECKED("plan", read_plan, ARGUMENT_NAME, DEFAULT_NONE, plan_check),
    FACT_CHECKED("gained", read_gained, GAINED_ARGUMENTS, DEFAULT_ZERO, gained_check),
    FACT_CHECKED("evidence", read_evidence, ARGUMENT_NAME, DEFAULT_NONE, evidence_check),
    FACT("titles", read_titles, DEFAULT_LIST),
    FACT_OBJECTS("children", organisation_children, OBJECT_ORGANISATION),
};

const struct object_type organisation_object = {"organisation", FACTS(facts), NULL};
