#include "policy/counts.h"

#include "domain/counters.h"
#include "policy/call.h"

static int64_t volunteers(const struct counter_row *row) {
    return row->volunteers;
}

static int64_t in_service_party_members(const struct counter_row *row) {
    return row->in_service_party_members;
}

static int64_t minutes(const struct counter_row *row) {
    return (int64_t)row->minutes;
}

static int64_t records(const struct counter_row *row) {
    return row->records;
}

static int64_t held(const struct counter_row *row) {
    return row->held;
}

static int64_t activities(const struct counter_row *row) {
    return row->activities;
}

static const struct {
    const char *name;
    int64_t (*read)(const struct counter_row *row);
} counts[] = {
    {"volunteers", volunteers},
    {"in_service_party_members", in_service_party_members},
    {"minutes", minutes},
    {"records", records},
    {"held", held},
    {"activities", activities},
};
/* Steps of the budget for reading one. */
#define COUNT_STEPS 40
#define N_COUNTS (sizeof counts / sizeof *counts)

int counts_read(struct reading *reading, enum noun noun) {
    const char *names[N_COUNTS];
    for (size_t i = 0; i < N_COUNTS; i++) {
        names[i] = counts[i].name;
        if (!str_equal(reading->arguments.name, str_from(names[i])))
            continue;
        struct counter_row row = {0};
        sandbox_charge(reading->lua, COUNT_STEPS);
        int r = counter_sum(reading->call->view, noun, reading->object->number, &row);
        return r < 0 ? r : push_integer(reading, counts[i].read(&row));
    }
    const char *nearest = str_nearest(reading->arguments.name, names, N_COUNTS);
    return luaL_error(reading->lua, "count: '%s' is not counted%s%s%s",
                      reading->arguments.name.data, nearest ? ": did you mean '" : "",
                      nearest ? nearest : "", nearest ? "'?" : "");
}
