/* activity.nearby and station.nearby: what is near where somebody lives. Near is first what lies in
 * the same community, then in the same township, county and city; within that, by the distance from
 * a position, where both have one. Whole numbers alone: the same everywhere. */
#include <stdlib.h>

#include "bus/distance.h"
#include "bus/methods.h"
#include "bus/methods_common.h"
#include "bus/thing_view.h"
#include "domain/activities.h"
#include "domain/regions.h"
#include "domain/shifts.h"
#include "domain/stations.h"
#include "domain/volunteers.h"

#define SHOWN_DEFAULT 20
#define SHOWN_LIMIT 200
#define KM_LIMIT 500

struct near {
    uint32_t number;
    uint32_t steps;     /* up from the community until both lie in it */
    int64_t distance_m; /* INT64_MAX: not known */
    int64_t starts_s;
};

struct search {
    struct query *query;
    struct arena arena;          /* of the activity that is looked at */
    uint32_t path[REGION_DEPTH]; /* of where somebody lives */
    size_t depth;
    bool has_position;
    struct position position;
    int64_t within_m; /* INT64_MAX: however far */
    int64_t now_s;
    size_t limit;
    size_t n;
    struct near found[SHOWN_LIMIT + 1]; /* the best so far, best first */
};

static int near_compare(const struct near *a, const struct near *b) {
    if (a->steps != b->steps)
        return a->steps < b->steps ? -1 : 1;
    if (a->distance_m != b->distance_m)
        return a->distance_m < b->distance_m ? -1 : 1;
    if (a->starts_s != b->starts_s)
        return a->starts_s < b->starts_s ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

/* Keeps the best; the list is short. */
static void keep(struct search *search, const struct near *near) {
    size_t at = search->n;
    if (at == search->limit && near_compare(near, &search->found[at - 1]) >= 0)
        return;
    while (at > 0 && near_compare(near, &search->found[at - 1]) < 0) {
        search->found[at] = search->found[at - 1];
        at--;
    }
    search->found[at] = *near;
    if (search->n < search->limit)
        search->n++;
}

/* Whether anything in that region is looked for, and how far up the tree both meet. */
static bool meets(const struct search *search, uint32_t region, uint32_t *ret_steps) {
    uint32_t path[REGION_DEPTH];
    size_t depth = region_path(search->query->view, region, path);
    for (size_t up = 0; up < search->depth; up++)
        for (size_t i = 0; i < depth; i++)
            if (path[i] == search->path[up]) {
                *ret_steps = (uint32_t)up;
                return true;
            }
    return false;
}

/* ---- activities ---- */

static void measure(const struct search *search, const struct activity_published *activity,
                    struct near *near) {
    const struct position *position = &activity->place.position;
    near->distance_m = INT64_MAX;
    if (search->has_position && HAS(&activity->place, place, position))
        near->distance_m = distance_m(&search->position, position);
}

static int look_at_activity(struct search *search, uint32_t number) {
    struct view *view = search->query->view;
    struct activity_summary summary;
    struct activity_published activity;
    enum activity_state state;
    struct shift_row shift;
    struct near near = {.number = number};
    int r = activity_summary(view, number, &summary);
    if (r != 0 || summary.state != ACTIVITY_PUBLISHED ||
        !meets(search, summary.region, &near.steps))
        return r;
    r = shift_get(view, number, STR_NONE, &shift);
    if (r != 0 || shift.ends_s <= search->now_s)
        return r;
    near.starts_s = shift.starts_s;
    near.distance_m = INT64_MAX;
    if (search->has_position) {
        arena_reset(&search->arena);
        r = activity_get(view, number, &search->arena, &activity, &state);
        if (r != 0)
            return r;
        measure(search, &activity, &near);
    }
    if (near.distance_m > search->within_m)
        return 0;
    keep(search, &near);
    return 0;
}

/* ---- stations ---- */

static int look_at_station(struct search *search, uint32_t number) {
    struct station station;
    struct near near = {.number = number, .distance_m = INT64_MAX};
    int r = station_get(search->query->view, number, COUNTER_NOW, &station);
    if (r == 0 && station.state == STATION_OPENED && meets(search, station.region, &near.steps))
        keep(search, &near);
    return r;
}

/* ---- where ---- */

static int read_position(struct search *search) {
    struct query *query = search->query;
    struct str text = query_text(query, "position");
    int64_t km = 0;
    search->within_m = INT64_MAX;
    if (text.size) {
        const char *comma = memchr(text.data, ',', text.size);
        size_t first = comma ? (size_t)(comma - text.data) : text.size;
        search->position.longitude = (struct str){text.data, first};
        search->position.latitude =
            comma ? (struct str){comma + 1, text.size - first - 1} : STR("");
        if (!position_is_valid(&search->position))
            return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "position",
                               "a position is LONGITUDE,LATITUDE in degrees: 105.724,34.58");
        search->has_position = true;
    }
    if (!json_object_get(query->params, "within_km"))
        return 0;
    if (!search->has_position)
        return problem_set(query->problem, PROBLEM_MISSING_FIELD, "position",
                           "so many kilometres from where? Give position, too");
    int r = query_range(query, "within_km", (struct range){1, KM_LIMIT}, 1, &km);
    search->within_m = km * 1000;
    return r;
}

/* The volunteer's community, the region that is named, or with a position alone the whole city. */
static int read_place(struct search *search) {
    struct query *query = search->query;
    struct volunteer_row person;
    uint32_t region = 0, volunteer = 0;
    int r = query_noun(query, NOUN_REGION, "region", &region);
    if (r == 0)
        r = query_noun(query, NOUN_VOLUNTEER, "volunteer", &volunteer);
    if (r == 0 && volunteer && !region) {
        r = query_found(volunteer_get(query->view, volunteer, &person));
        region = person.region;
    }
    if (r == 0 && !region && search->has_position)
        r = query_city_region(query, &region);
    if (r == 0 && !region)
        return problem_set(query->problem, PROBLEM_MISSING_FIELD, "region",
                           "near what? Name a region, a volunteer or a position");
    if (r == 0)
        search->depth = region_path(query->view, region, search->path);
    return r;
}

static int read_search(struct query *query, struct search *search) {
    int64_t limit = SHOWN_DEFAULT;
    struct clock_state clock;
    memset(search, 0, sizeof *search);
    search->query = query;
    (void)clock_get(query->view, &clock);
    search->now_s = clock.recorded_us / MICROSECONDS;
    int r = read_position(search);
    if (r == 0)
        r = read_place(search);
    if (r == 0)
        r = query_range(query, "limit", (struct range){1, SHOWN_LIMIT}, SHOWN_DEFAULT, &limit);
    search->limit = (size_t)limit;
    return r;
}

/* ---- the answer ---- */

static json_t *region_of_step(struct search *search, const struct near *near) {
    return json_from_number(search->query, NOUN_REGION, search->path[near->steps],
                            search->query->arena);
}

static int answer(struct search *search, enum noun noun, json_t **ret_result) {
    json_t *items = json_array();
    int r = 0;
    for (size_t i = 0; r == 0 && i < search->n; i++) {
        const struct near *near = &search->found[i];
        json_t *item = NULL;
        r = thing_show_number(search->query, noun, near->number, &item);
        if (r != 0)
            break;
        json_object_set_new(item, "steps", json_integer(near->steps));
        json_object_set_new(item, "shared_region", region_of_step(search, near));
        if (near->distance_m != INT64_MAX)
            json_object_set_new(item, "distance_m", json_integer((json_int_t)near->distance_m));
        json_array_append_new(items, item);
    }
    if (r == 0)
        *ret_result = json_pack("{s:o}", "items", items);
    else
        json_decref(items);
    return r;
}

static int nearby(struct query *query, enum noun noun,
                  int (*look_at)(struct search *search, uint32_t number), json_t **ret_result) {
    struct search *search = arena_alloc(query->arena, sizeof *search);
    uint32_t last = 0;
    int r = read_search(query, search);
    arena_init(&search->arena);
    if (r == 0)
        r = query_found(thing_count(query->view, noun, &last));
    for (uint32_t number = 1; r == 0 && number <= last; number++)
        r = query_found(look_at(search, number));
    if (r == 0)
        r = answer(search, noun, ret_result);
    arena_deinit(&search->arena);
    return r;
}

int query_activity_nearby(struct query *query, json_t **ret_result) {
    return nearby(query, NOUN_ACTIVITY, look_at_activity, ret_result);
}

int query_station_nearby(struct query *query, json_t **ret_result) {
    return nearby(query, NOUN_STATION, look_at_station, ret_result);
}
