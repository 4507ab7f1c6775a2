/* Volunteers: what is known of a person, and totals of accepted service. Where a record is asked
 * about, its volunteer's totals leave that record out. */
#include "domain/merges.h"
#include "domain/stars.h"
#include "policy/call.h"
#include "policy/record_integrity.h"
#include "policy/volunteer_conduct.h"
#include "policy/volunteer_points.h"
#include "policy/volunteer_rewards.h"
#include "policy/volunteer_service.h"
#include "policy/volunteer_teams.h"

static int load(struct reading *reading) {
    return volunteer_get(reading->call->view, reading->object->number,
                         &reading->object->row.volunteer);
}

static const struct volunteer_row *row_of(const struct reading *reading) {
    return &reading->object->row.volunteer;
}

/* The thing: its attributes and sealed fields. */
static int thing_of(struct reading *reading, const struct thing **ret_thing) {
    struct object *object = reading->object;
    if (!object->attributes) {
        struct thing *thing = arena_alloc(reading->call->arena, sizeof *thing);
        int r = thing_get(reading->call->view, NOUN_VOLUNTEER, object->number, reading->call->arena,
                          thing);
        if (r != 0)
            return r;
        object->attributes = thing;
    }
    *ret_thing = object->attributes;
    return 0;
}

static int read_id(struct reading *reading) {
    return push_id(reading, NOUN_VOLUNTEER, reading->object->number);
}

static int read_region(struct reading *reading) {
    return reading_object(reading, OBJECT_REGION, "region", row_of(reading)->region);
}

static int read_employer(struct reading *reading) {
    return reading_object(reading, OBJECT_ORGANISATION, "employer", row_of(reading)->employer);
}

static int read_referred_by(struct reading *reading) {
    uint32_t number = row_of(reading)->referred_by;
    int r = volunteer_survivor(reading->call->view, &number);
    return r == 0 ? reading_object(reading, OBJECT_VOLUNTEER, "referred_by", number) : r;
}

static int read_party_status(struct reading *reading) {
    return push_choice(reading, &PARTY_STATUS_choices, row_of(reading)->party_status - 1);
}

static int read_sex(struct reading *reading) {
    return push_choice(reading, &SEX_choices, row_of(reading)->sex - 1);
}

static int read_age(struct reading *reading) {
    int32_t age = volunteer_age(row_of(reading), reading->arguments.on);
    if (age >= 0)
        return push_integer(reading, age);
    lua_pushnil(reading->lua);
    return 0;
}

static int read_born(struct reading *reading) {
    char text[16];
    if (row_of(reading)->born == INT32_MIN)
        return push_text(reading, STR_NONE);
    return push_text(reading, (struct str){text, month_format(row_of(reading)->born, text)});
}

static int read_occupation(struct reading *reading) {
    const struct thing *thing;
    int r = thing_of(reading, &thing);
    if (r != 0)
        return r;
    const struct volunteer_registered *attributes = thing->attributes;
    return push_text(reading, attributes->occupation.size ? attributes->occupation : STR_NONE);
}

static int read_skills(struct reading *reading) {
    const struct thing *thing;
    int r = thing_of(reading, &thing);
    if (r != 0)
        return r;
    return push_texts(reading, &((const struct volunteer_registered *)thing->attributes)->skills);
}

static int read_guardian_consent(struct reading *reading) {
    const struct thing *thing;
    int r = thing_of(reading, &thing);
    if (r != 0)
        return r;
    const struct volunteer_registered *attributes = thing->attributes;
    return push_boolean(reading, HAS(attributes, volunteer_registered, guardian_consent));
}

static int read_has_identity(struct reading *reading) {
    const struct thing *thing;
    int r = thing_of(reading, &thing);
    if (r != 0)
        return r;
    for (size_t i = 0; i < thing->n_blobs; i++)
        if (thing->blobs[i].field == FIELD_INDEX(volunteer_registered, identity))
            return push_boolean(reading, true);
    return push_boolean(reading, false);
}

static int read_registered_on(struct reading *reading) {
    return push_date(reading, row_of(reading)->registered_on);
}

static int read_standing(struct reading *reading) {
    enum STANDING_choice standing = volunteer_standing(row_of(reading), reading->call->as_of);
    return push_choice(reading, &STANDING_choices, (int32_t)standing);
}

static int read_stars(struct reading *reading) {
    return push_integer(reading, row_of(reading)->stars);
}

static int read_stars_since(struct reading *reading) {
    return push_date(reading, row_of(reading)->stars_since);
}

static int read_stars_on(struct reading *reading) {
    uint8_t stars = 0;
    int r = stars_on(reading->call->view, reading->object->number, row_of(reading),
                     reading->arguments.on, &stars);
    return r ? r : push_integer(reading, stars);
}

/* { on, from, to } of the n-th change, where it fits what is asked. */
static int add_star_change(struct reading *reading, uint32_t n, lua_Integer *count) {
    const struct arguments *arguments = &reading->arguments;
    lua_State *lua = reading->lua;
    struct star_change_row change;
    int r = star_change_get(reading->call->view, reading->object->number, n, &change);
    if (r != 0)
        return r;
    bool fits =
        (!arguments->from || change.on >= arguments->from) &&
        (!arguments->to || change.on <= arguments->to) &&
        (!(arguments->given & ARGUMENT_DOWN) || (change.to < change.from) == arguments->down);
    if (!fits)
        return 0;
    lua_createtable(lua, 0, 3);
    push_date(reading, change.on);
    lua_setfield(lua, -2, "on");
    lua_pushinteger(lua, change.from);
    lua_setfield(lua, -2, "from");
    lua_pushinteger(lua, change.to);
    lua_setfield(lua, -2, "to");
    lua_rawseti(lua, -2, ++*count);
    return 0;
}

static int read_star_changes(struct reading *reading) {
    lua_Integer count = 0;
    lua_newtable(reading->lua);
    for (uint32_t n = 1; n <= row_of(reading)->n_star_changes; n++) {
        sandbox_charge(reading->lua, 4);
        int r = add_star_change(reading, n, &count);
        if (r != 0)
            return r;
    }
    return 0;
}

static int read_minutes(struct reading *reading) {
    int64_t minutes = 0;
    const struct arguments *arguments = &reading->arguments;
    struct minutes_filter filter = {.from = arguments->from,
                                    .to = arguments->to,
                                    .category = arguments->category,
                                    .method = arguments->method};
    int r = arguments->given & SERVICE_OF_RECORDS ? service_minutes_of_records(reading, &minutes)
                                                  : service_minutes(reading, &filter, &minutes);
    return r ? r : push_integer(reading, minutes);
}

static int read_minutes_on(struct reading *reading) {
    int64_t minutes = 0;
    struct minutes_filter filter = {.from = reading->arguments.on, .to = reading->arguments.on};
    int r = service_minutes(reading, &filter, &minutes);
    return r ? r : push_integer(reading, minutes);
}

static int read_carried_minutes(struct reading *reading) {
    return push_integer(reading, row_of(reading)->carried_minutes);
}

static int read_first_service_on(struct reading *reading) {
    return push_date(reading, row_of(reading)->first_service_on);
}

static int read_last_service_on(struct reading *reading) {
    return push_date(reading, row_of(reading)->last_service_on);
}

#define WINDOW (ARGUMENT_FROM | ARGUMENT_TO)

static const struct fact facts[] = {
    FACT("id", read_id, DEFAULT_NONE),
    FACT_OBJECT("region", read_region, OBJECT_REGION),
    FACT_OPTIONAL("employer", read_employer, OBJECT_ORGANISATION),
    FACT_OPTIONAL("referred_by", read_referred_by, OBJECT_VOLUNTEER),
    FACT("party_status", read_party_status, DEFAULT_NONE),
    FACT_METHOD("age", read_age, ARGUMENT_ON, DEFAULT_NONE),
    FACT("born", read_born, DEFAULT_NONE),
    FACT("sex", read_sex, DEFAULT_NONE),
    FACT("occupation", read_occupation, DEFAULT_NONE),
    FACT("guardian_consent", read_guardian_consent, DEFAULT_FALSE),
    FACT("has_identity", read_has_identity, DEFAULT_FALSE),
    FACT("registered_on", read_registered_on, DEFAULT_NONE),
    FACT("standing", read_standing, DEFAULT_NONE),
    FACT("stars", read_stars, DEFAULT_ZERO),
    FACT("stars_since", read_stars_since, DEFAULT_NONE),
    FACT_METHOD("stars_on", read_stars_on, ARGUMENT_ON, DEFAULT_ZERO),
    FACT_METHOD("star_changes", read_star_changes, WINDOW | ARGUMENT_DOWN, DEFAULT_LIST),
    FACT_METHOD("minutes", read_minutes,
                WINDOW | ARGUMENT_CATEGORY | ARGUMENT_METHOD | SERVICE_OF_RECORDS, DEFAULT_ZERO),
    FACT("carried_minutes", read_carried_minutes, DEFAULT_ZERO),
    FACT_METHOD("points", points_of_volunteer,
                WINDOW | ARGUMENT_ACCOUNT | ARGUMENT_WHAT | ARGUMENT_SERVED_ON | ARGUMENT_ROLE |
                    ARGUMENT_EXPIRES_BY,
                DEFAULT_ZERO),
    FACT_METHOD("minutes_on", read_minutes_on, ARGUMENT_ON, DEFAULT_ZERO),
    FACT_SEARCH("records", service_records, OBJECT_RECORD, WINDOW | ARGUMENT_LIMIT),
    FACT_METHOD("months_active", service_months_active, WINDOW, DEFAULT_ZERO),
    FACT("first_service_on", read_first_service_on, DEFAULT_NONE),
    FACT("last_service_on", read_last_service_on, DEFAULT_NONE),
    FACT_METHOD("quantity", service_quantity, WINDOW | ARGUMENT_QUANTITY, DEFAULT_ZERO),
    FACT_METHOD("honours", volunteer_honours, WINDOW, DEFAULT_LIST),
    FACT_METHOD("withdrawn_honours", volunteer_withdrawn_honours, WINDOW, DEFAULT_LIST),
    FACT_METHOD("redemptions", volunteer_redemptions, WINDOW, DEFAULT_LIST),
    FACT_METHOD("absences", conduct_absences, WINDOW | ARGUMENT_EXCUSED, DEFAULT_LIST),
    FACT_METHOD("cancellations", conduct_cancellations, WINDOW, DEFAULT_LIST),
    FACT_METHOD("complaints", conduct_complaints, WINDOW | ARGUMENT_OUTCOME, DEFAULT_LIST),
    FACT_METHOD("ratings", conduct_ratings, WINDOW, DEFAULT_ZERO),
    FACT_METHOD("rating_sum", conduct_rating_sum, WINDOW, DEFAULT_ZERO),
    FACT_METHOD("trainings", conduct_trainings, ARGUMENT_COURSE | ARGUMENT_VALID_ON, DEFAULT_LIST),
    FACT("qualifications", conduct_qualifications, DEFAULT_LIST),
    FACT("skills", read_skills, DEFAULT_LIST),
    FACT("restored_on", conduct_restored_on, DEFAULT_NONE),
    FACT("false_on", volunteer_false_on, DEFAULT_NONE),
    FACT("former_standing", volunteer_former_standing, DEFAULT_NONE),
    FACT("teams", volunteer_teams, DEFAULT_LIST),
};

const struct object_type volunteer_object = {"volunteer", FACTS(facts), load};
