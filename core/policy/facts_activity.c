/* Activities. */
#include "domain/activities.h"
#include "domain/ratings.h"
#include "domain/shifts.h"
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

/* The activity as a whole. */
static int whole(struct reading *reading, struct shift_row *ret_shift) {
    return shift_get(reading->call->view, reading->object->number, STR_NONE, ret_shift);
}

static int read_n_enrolled(struct reading *reading) {
    struct shift_row shift;
    int r = whole(reading, &shift);
    return r ? r : push_integer(reading, shift.n_accepted);
}

static int read_n_attended(struct reading *reading) {
    struct shift_row shift;
    int r = whole(reading, &shift);
    return r ? r : push_integer(reading, shift.n_attended);
}

/* Coarse on purpose: what a rule answers is known by the facts it read, and how many is another
 * number each time. */
static int read_uses_sign_in(struct reading *reading) {
    struct activity_summary summary;
    int r = activity_summary(reading->call->view, reading->object->number, &summary);
    return r ? r : push_boolean(reading, summary.signs_in);
}

static int read_check_ins_at_once(struct reading *reading) {
    struct activity_summary summary;
    int r = activity_summary(reading->call->view, reading->object->number, &summary);
    return r ? r : push_integer(reading, summary.at_once);
}

static int read_on(struct reading *reading) {
    const struct activity_published *activity;
    int r = attributes(reading, &activity);
    return r ? r : push_date(reading, zone_date(&reading->call->city->zone, activity->starts.us));
}

static int read_places(struct reading *reading) {
    const struct activity_published *activity;
    int r = attributes(reading, &activity);
    return r ? r : push_integer(reading, activity->places);
}

static int read_insured(struct reading *reading) {
    const struct activity_published *activity;
    int r = attributes(reading, &activity);
    return r ? r : push_boolean(reading, activity->insurance.size > 0);
}

static int read_domains(struct reading *reading) {
    const struct activity_published *activity;
    int r = attributes(reading, &activity);
    return r ? r : push_texts(reading, &activity->domains);
}

/* ---- what it needs of those who come ---- */

static void put_list(struct reading *reading, const char *name, const struct list *texts) {
    const struct str *items = texts->items;
    lua_State *lua = reading->lua;
    sandbox_charge(lua, 4 + texts->n);
    lua_createtable(lua, (int)texts->n, 0);
    for (size_t i = 0; i < texts->n; i++) {
        push_text(reading, items[i]);
        lua_rawseti(lua, -2, (lua_Integer)i + 1);
    }
    lua_setfield(lua, -2, name);
}

static void put_number(lua_State *lua, const char *name, bool given, int64_t value) {
    if (!given)
        return;
    lua_pushinteger(lua, value);
    lua_setfield(lua, -2, name);
}

/* Lists that were not given are empty, numbers nil. */
static int read_needs(struct reading *reading) {
    static const struct activity_published nothing; /* in a case that gives none */
    const struct activity_published *activity = &nothing;
    lua_State *lua = reading->lua;
    int r = reading->object->given ? 0 : attributes(reading, &activity);
    if (r != 0)
        return r;
    const struct needs *needs = &activity->needs;
    lua_createtable(lua, 0, 7);
    put_list(reading, "courses", &needs->courses);
    put_list(reading, "qualifications", &needs->qualifications);
    put_list(reading, "skills", &needs->skills);
    put_number(lua, "min_age", HAS(needs, needs, min_age), needs->min_age);
    put_number(lua, "max_age", HAS(needs, needs, max_age), needs->max_age);
    put_number(lua, "min_stars", HAS(needs, needs, min_stars), needs->min_stars);
    lua_pushboolean(lua, needs->party_member);
    lua_setfield(lua, -2, "party_member");
    return 0;
}

static int sum_ratings(struct reading *reading, struct rating_sum *ret_sum) {
    struct activity_rating rating;
    int r = activity_rating_get(reading->call->view, reading->object->number, &rating);
    if (r == 0)
        *ret_sum = activity_rating_sum(&rating, RATED_BY_SERVED);
    return r;
}

static int read_n_ratings(struct reading *reading) {
    struct rating_sum sum;
    int r = sum_ratings(reading, &sum);
    return r ? r : push_integer(reading, sum.n);
}

static int read_rating_sum(struct reading *reading) {
    struct rating_sum sum;
    int r = sum_ratings(reading, &sum);
    return r ? r : push_integer(reading, sum.sum);
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
    FACT("n_enrolled", read_n_enrolled, DEFAULT_ZERO),
    FACT("n_attended", read_n_attended, DEFAULT_ZERO),
    FACT("n_ratings", read_n_ratings, DEFAULT_ZERO),
    FACT("rating_sum", read_rating_sum, DEFAULT_ZERO),
    FACT("uses_sign_in", read_uses_sign_in, DEFAULT_FALSE),
    FACT("check_ins_at_once", read_check_ins_at_once, DEFAULT_ZERO),
    FACT("on", read_on, DEFAULT_NONE),
    FACT("places", read_places, DEFAULT_ZERO),
    FACT("insured", read_insured, DEFAULT_FALSE),
    FACT("domains", read_domains, DEFAULT_LIST),
    FACT("needs", read_needs, DEFAULT_READ),
};

const struct object_type activity_object = {"activity", FACTS(facts), NULL};
