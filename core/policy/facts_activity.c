/* Activities. */
#include "domain/activities.h"
#include "policy/call.h"

static int attributes(struct reading *reading, const struct activity_published **ret_activity) {
    struct object *object = reading->object;
    if (!object->attributes) {
        struct activity_published *activity = arena_alloc(reading->call->arena, sizeof *activity);
        enum activity_state state;
        int r = activity_get(reading->call->view, object->number, reading->call->arena, activity,
                             &state);
        if (r != 0)
            return r;
        object->attributes = activity;
    }
    *ret_activity = object->attributes;
    return 0;
}

static int read_id(struct reading *reading) {
    return push_id(reading, NOUN_ACTIVITY, reading->object->number);
}

static int read_category(struct reading *reading) {
    const struct activity_published *activity;
    int r = attributes(reading, &activity);
    return r ? r : push_text(reading, activity->category);
}

static int read_kind(struct reading *reading) {
    const struct activity_published *activity;
    int r = attributes(reading, &activity);
    return r ? r : push_choice(reading, &ACTIVITY_KIND_choices, activity->kind);
}

static int read_organisation(struct reading *reading) {
    const struct activity_published *activity;
    uint32_t organisation = 0;
    int r = attributes(reading, &activity);
    if (r == 0)
        r = find_number(reading, NOUN_ORGANISATION, activity->organisation, &organisation);
    return r ? r : reading_object(reading, OBJECT_ORGANISATION, "organisation", organisation);
}

static int read_region(struct reading *reading) {
    const struct activity_published *activity;
    uint32_t region = 0;
    int r = attributes(reading, &activity);
    if (r == 0)
        r = find_number(reading, NOUN_REGION, activity->region, &region);
    return r ? r : reading_object(reading, OBJECT_REGION, "region", region);
}

static int read_starts(struct reading *reading) {
    const struct activity_published *activity;
    int r = attributes(reading, &activity);
    return r ? r : push_integer(reading, activity->starts.us / MICROSECONDS);
}

static int read_ends(struct reading *reading) {
    const struct activity_published *activity;
    int r = attributes(reading, &activity);
    return r ? r : push_integer(reading, activity->ends.us / MICROSECONDS);
}

static int read_major(struct reading *reading) {
    const struct activity_published *activity;
    int r = attributes(reading, &activity);
    return r ? r : push_boolean(reading, activity->major);
}

static int read_emergency(struct reading *reading) {
    const struct activity_published *activity;
    int r = attributes(reading, &activity);
    return r ? r : push_boolean(reading, activity->emergency);
}

static int read_retrospective(struct reading *reading) {
    const struct activity_published *activity;
    int r = attributes(reading, &activity);
    return r ? r : push_boolean(reading, HAS(activity, activity_published, retrospective));
}

static const struct fact facts[] = {
    FACT("id", read_id, DEFAULT_NONE),
    FACT("category", read_category, DEFAULT_NONE),
    FACT("kind", read_kind, DEFAULT_NONE),
    FACT_OPTIONAL("organisation", read_organisation, OBJECT_ORGANISATION),
    FACT_OBJECT("region", read_region, OBJECT_REGION),
    FACT("starts", read_starts, DEFAULT_NONE),
    FACT("ends", read_ends, DEFAULT_NONE),
    FACT("major", read_major, DEFAULT_FALSE),
    FACT("emergency", read_emergency, DEFAULT_FALSE),
    FACT("retrospective", read_retrospective, DEFAULT_FALSE),
    FACT_LATER("n_enrolled"),
    FACT_LATER("n_attended"),
};

const struct object_type activity_object = {"activity", FACTS(facts), NULL};
