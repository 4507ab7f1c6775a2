/* Requests: somebody wants to come to an activity or to take a post; what eligibility is asked. */
#include "domain/emergencies.h"
#include "domain/enrolments.h"
#include "policy/call.h"

#define OVERLAPS_LIMIT 16
/* Steps of the budget for looking at a person's enrolments. */
#define OVERLAPS_STEPS 400

static int load(struct reading *reading) {
    return enrolment_get(reading->call->view, reading->object->number,
                         &reading->object->row.enrolment);
}

static const struct enrolment *enrolment_of(const struct reading *reading) {
    return &reading->object->row.enrolment;
}

static int read_id(struct reading *reading) {
    char text[16];
    int size = snprintf(text, sizeof text, "%u", reading->object->number);
    return push_text(reading, (struct str){text, (size_t)size});
}

static int read_volunteer(struct reading *reading) {
    return reading_object(reading, OBJECT_VOLUNTEER, "volunteer",
                          enrolment_of(reading)->row.volunteer);
}

static int read_activity(struct reading *reading) {
    return reading_object(reading, OBJECT_ACTIVITY, "activity",
                          enrolment_of(reading)->row.activity);
}

static int read_post(struct reading *reading) {
    return reading_object(reading, OBJECT_POST, "post", enrolment_of(reading)->row.post);
}

static int read_shift(struct reading *reading) {
    struct str shift = enrolment_of(reading)->shift;
    return push_text(reading, shift.size ? shift : STR_NONE);
}

static int read_by(struct reading *reading) {
    bool claim = enrolment_of(reading)->row.post != 0;
    return push_choice(reading, &ENROLLED_BY_choices, claim ? -1 : enrolment_of(reading)->row.by);
}

static int read_places_left(struct reading *reading) {
    uint32_t left = 0;
    int r = enrolment_places_offered(reading->call->view, enrolment_of(reading), &left);
    if (r == ENROLMENT_UNLIMITED)
        return push_text(reading, STR_NONE);
    return r ? r : push_integer(reading, left);
}

/* When it is: 0 of a post, which has no hours. */
static int times(struct reading *reading, struct shift_row *ret_shift) {
    memset(ret_shift, 0, sizeof *ret_shift);
    int r = enrolment_shift(reading->call->view, enrolment_of(reading), ret_shift);
    return r < 0 ? r : 0;
}

static int push_second(struct reading *reading, int64_t second) {
    if (second)
        return push_integer(reading, second);
    return push_text(reading, STR_NONE);
}

static int read_starts(struct reading *reading) {
    struct shift_row shift;
    int r = times(reading, &shift);
    return r ? r : push_second(reading, shift.starts_s);
}

static int read_ends(struct reading *reading) {
    struct shift_row shift;
    int r = times(reading, &shift);
    return r ? r : push_second(reading, shift.ends_s);
}

/* The day on which it is; of a post that of the question. */
static int read_on(struct reading *reading) {
    const struct call *call = reading->call;
    struct shift_row shift;
    int r = times(reading, &shift);
    if (r != 0)
        return r;
    bool has_hours = shift.starts_s != 0;
    return push_date(reading, has_hours
                                  ? zone_date(&call->city->zone, shift.starts_s * MICROSECONDS)
                                  : call->as_of);
}

static int read_overlaps(struct reading *reading) {
    uint32_t numbers[OVERLAPS_LIMIT];
    sandbox_charge(reading->lua, OVERLAPS_STEPS);
    int n = enrolment_overlaps(reading->call->view, reading->object->number, enrolment_of(reading),
                               numbers, OVERLAPS_LIMIT);
    if (n <= 0)
        return n < 0 ? n : push_empty_list(reading);
    lua_createtable(reading->lua, n, 0);
    for (int i = 0; i < n; i++) {
        struct enrolment other;
        int r = enrolment_get(reading->call->view, numbers[i], &other);
        if (r == 0)
            r = push_id(reading, NOUN_ACTIVITY, other.row.activity);
        if (r != 0)
            return r;
        lua_rawseti(reading->lua, -2, i + 1);
    }
    return 0;
}

/* The emergency that is declared where it takes place. */
static int read_emergency(struct reading *reading) {
    uint32_t region, emergency;
    int r = enrolment_region(reading->call->view, enrolment_of(reading), &region);
    if (r == 0)
        r = emergency_in(reading->call->view, region, &emergency);
    if (r != 0)
        return r < 0 ? r : push_text(reading, STR_NONE);
    return push_id(reading, NOUN_EMERGENCY, emergency);
}

static const struct fact facts[] = {
    FACT("id", read_id, DEFAULT_NONE),
    FACT_OBJECT("volunteer", read_volunteer, OBJECT_VOLUNTEER),
    FACT_OPTIONAL("activity", read_activity, OBJECT_ACTIVITY),
    FACT_OPTIONAL("post", read_post, OBJECT_POST),
    FACT("shift", read_shift, DEFAULT_NONE),
    FACT("by", read_by, DEFAULT_NONE),
    FACT("on", read_on, DEFAULT_NONE),
    FACT("starts", read_starts, DEFAULT_NONE),
    FACT("ends", read_ends, DEFAULT_NONE),
    FACT("places_left", read_places_left, DEFAULT_NONE),
    FACT("overlaps", read_overlaps, DEFAULT_LIST),
    FACT("emergency", read_emergency, DEFAULT_NONE),
};

const struct object_type request_object = {"request", FACTS(facts), load};
