/* Emergencies, and what volunteers did in them. */
#include "bus/methods_common.h"
#include "bus/thing_show.h"
#include "domain/activities.h"
#include "domain/emergencies.h"
#include "domain/shifts.h"

const char *const emergency_states[EMERGENCY_STATES] = {
    [EMERGENCY_DECLARED] = "declared", [EMERGENCY_ENDED] = "ended"};

int show_emergency(struct query *query, uint32_t number, const struct thing *thing,
                   struct arena *arena, json_t *object) {
    struct emergency emergency;
    (void)thing;
    (void)arena;
    int r = emergency_get(query->view, number, &emergency);
    if (r != 0)
        return r;
    json_object_set_new(object, "declared_at",
                        json_from_time(query, emergency.row.declared_s * MICROSECONDS));
    if (emergency.row.ended_s) {
        json_object_set_new(object, "ended_at",
                            json_from_time(query, emergency.row.ended_s * MICROSECONDS));
        json_object_set_new(object, "ended_by", json_from_str(emergency.ended_by));
    }
    return 0;
}

struct sums {
    json_int_t activities;
    json_int_t enrolled;
    json_int_t attended;
    json_int_t records;
    json_int_t minutes;
};

/* What was published for an emergency, took place in the region and was not cancelled. */
static int add_activity(struct query *query, uint32_t number, uint32_t region, struct sums *sums) {
    struct activity_summary activity;
    struct shift_row shift;
    int r = activity_summary(query->view, number, &activity);
    if (r != 0 || !activity.emergency || activity.state == ACTIVITY_CANCELLED ||
        !region_lies_in(query, activity.region, region))
        return r;
    r = shift_get(query->view, number, STR_NONE, &shift);
    if (r != 0)
        return r;
    sums->activities++;
    sums->enrolled += shift.n_accepted;
    sums->attended += shift.n_attended;
    sums->records += activity.n_records;
    sums->minutes += (json_int_t)activity.minutes;
    return 0;
}

int show_emergency_whole(struct query *query, uint32_t number, const struct thing *thing,
                         struct arena *arena, json_t *object) {
    struct emergency emergency;
    struct sums sums = {0};
    uint32_t last;
    (void)thing;
    (void)arena;
    int r = emergency_get(query->view, number, &emergency);
    if (r == 0)
        r = thing_count(query->view, NOUN_ACTIVITY, &last);
    if (r != 0)
        return r;
    if (emergency.row.ended_s)
        last = emergency.row.last_activity;
    for (uint32_t n = emergency.row.first_activity + 1; r == 0 && n <= last; n++)
        r = query_found(add_activity(query, n, emergency.row.region, &sums));
    json_t *sum = json_pack("{s:I, s:I, s:I, s:I, s:I}", "activities", sums.activities, "enrolled",
                            sums.enrolled, "attended", sums.attended, "records", sums.records,
                            "minutes", sums.minutes);
    json_object_update(object, sum);
    json_decref(sum);
    return r;
}

static int add_in_force(struct query *query, uint32_t number, json_t *items) {
    struct thing thing;
    int r = thing_get(query->view, NOUN_EMERGENCY, number, query->arena, &thing);
    if (r != 0 || thing.state != EMERGENCY_DECLARED)
        return r;
    const struct emergency_declared *declared = thing.attributes;
    struct emergency emergency;
    r = emergency_get(query->view, number, &emergency);
    if (r != 0)
        return r;
    json_t *item =
        json_pack("{s:o, s:o, s:o}", "emergency", json_from_str(declared->emergency), "region",
                  json_from_number(query, NOUN_REGION, emergency.row.region, query->arena), "by",
                  json_from_str(declared->by));
    json_array_append_new(items, item);
    return show_emergency(query, number, &thing, query->arena, item);
}

int emergencies_in_force(struct query *query, json_t **ret_list) {
    uint32_t count = 0;
    json_t *items = json_array();
    int r = query_found(thing_count(query->view, NOUN_EMERGENCY, &count));
    for (uint32_t n = count; r == 0 && n > 0; n--)
        r = query_found(add_in_force(query, n, items));
    *ret_list = items;
    return r;
}
