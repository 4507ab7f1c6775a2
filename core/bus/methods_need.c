/* need.candidates: which open activities might meet a need. */
#include <stdlib.h>

#include "bus/methods.h"
#include "bus/methods_common.h"
#include "domain/activities.h"
#include "domain/needs.h"
#include "domain/regions.h"
#include "domain/shifts.h"

/* The newest activities, whatever they are: a bounded look, which finds what is ahead. */
#define LOOKED_LIMIT 5000

struct candidate {
    uint32_t activity;
    size_t near; /* levels that its region and the need's have in common */
    int64_t starts_s;
    uint32_t places_left;
};

static size_t common(struct view *view, uint32_t a, const uint32_t *path, size_t depth) {
    uint32_t other[REGION_DEPTH];
    size_t n = region_path(view, a, other), same = 0;
    while (same < n && same < depth && other[n - 1 - same] == path[depth - 1 - same])
        same++;
    return same;
}

/* The nearest first, of those the soonest. */
static int candidate_compare(const void *a, const void *b) {
    const struct candidate *left = a, *right = b;
    if (left->near != right->near)
        return left->near > right->near ? -1 : 1;
    if (left->starts_s != right->starts_s)
        return left->starts_s < right->starts_s ? -1 : 1;
    return (left->activity > right->activity) - (left->activity < right->activity);
}

static int look(struct query *query, const struct need_row *need, const uint32_t *path,
                size_t depth, uint32_t number, struct candidate *ret_candidate) {
    struct activity_summary activity;
    struct shift_row shift;
    int r = activity_summary(query->view, number, &activity);
    if (r == 0 && (activity.state != ACTIVITY_PUBLISHED || activity.category != need->category + 1))
        return THING_NOT_FOUND;
    if (r == 0)
        r = shift_get(query->view, number, STR_NONE, &shift);
    if (r == 0 && zone_date(&query->city.zone, shift.ends_s * MICROSECONDS) < query_today(query))
        return THING_NOT_FOUND;
    if (r == 0)
        *ret_candidate =
            (struct candidate){number, common(query->view, activity.region, path, depth),
                               shift.starts_s, shift_places_left(&shift)};
    return r;
}

static int candidate_json(struct query *query, const struct candidate *candidate,
                          json_t **ret_item) {
    struct thing thing;
    int r = query_found(
        thing_get(query->view, NOUN_ACTIVITY, candidate->activity, query->arena, &thing));
    if (r != 0)
        return r;
    const struct activity_published *activity = thing.attributes;
    *ret_item = json_pack(
        "{s:o, s:o, s:o, s:o, s:i, s:o}", "activity", json_from_str(activity->activity), "title",
        json_from_str(activity->title), "region", json_from_str(activity->region), "starts",
        json_from_time(query, candidate->starts_s * MICROSECONDS), "places_left",
        (int)candidate->places_left, "near",
        candidate->near ? json_string(REGION_LEVEL_choices.words[candidate->near - 1])
                        : json_null());
    return 0;
}

int query_need_candidates(struct query *query, json_t **ret_result) {
    struct need need;
    uint32_t number, count, path[REGION_DEPTH];
    int64_t limit;
    size_t n = 0;
    int r = query_noun(query, NOUN_NEED, "need", &number);
    if (r == 0)
        r = query_range(query, "limit", (struct range){1, 100}, 10, &limit);
    if (r == 0)
        r = query_found(need_get(query->view, number, &need));
    if (r == 0)
        r = thing_count(query->view, NOUN_ACTIVITY, &count);
    if (r != 0)
        return r;
    struct candidate *list = arena_alloc(query->arena, LOOKED_LIMIT * sizeof *list);
    size_t depth = region_path(query->view, need.row.region, path);
    uint32_t until = count > LOOKED_LIMIT ? count - LOOKED_LIMIT : 0;
    for (; r >= 0 && count > until; count--)
        n += (r = look(query, &need.row, path, depth, count, &list[n])) == 0;
    if (r < 0)
        return r;
    if (n)
        qsort(list, n, sizeof *list, candidate_compare);
    json_t *items = json_array();
    r = 0;
    for (size_t i = 0; r == 0 && i < n && i < (size_t)limit; i++) {
        json_t *item;
        r = candidate_json(query, &list[i], &item);
        if (r == 0)
            json_array_append_new(items, item);
    }
    if (r != 0) {
        json_decref(items);
        return r;
    }
    *ret_result =
        json_pack("{s:o, s:o}", "need", json_from_number(query, NOUN_NEED, number, query->arena),
                  "items", items);
    return 0;
}
