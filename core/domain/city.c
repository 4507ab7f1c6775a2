#include "domain/city.h"

#include <stdio.h>

#include "domain/assessments.h"
#include "domain/beneficiaries.h"
#include "domain/commitments.h"
#include "domain/duties.h"
#include "domain/hot.h"
#include "domain/ledger.h"
#include "domain/policy_runs.h"
#include "domain/public_notices.h"
#include "domain/star_applications.h"
#include "domain/tasks.h"
#include "domain/things.h"
#include "util/error.h"

#define CITY_KEY STR("city")
#define CLOCK_KEY STR("clock")

static void copy_text(char *to, size_t room, struct str from) {
    size_t n = from.size < room ? from.size : room - 1;
    memcpy(to, from.data, n);
    to[n] = 0;
}

static bool is_terminated(const char *text, size_t room) {
    return memchr(text, 0, room) != NULL;
}

int city_decode(struct str row, struct city *ret_city) {
    struct city city;
    if (row.size != sizeof city)
        return 1;
    memcpy(&city, row.data, sizeof city);
    if (!is_terminated(city.region, sizeof city.region) ||
        !is_terminated(city.name, sizeof city.name) ||
        !is_terminated(city.time_zone, sizeof city.time_zone) ||
        city.zone.n_offsets > sizeof city.zone.offsets / sizeof *city.zone.offsets)
        return 1;
    *ret_city = city;
    return 0;
}

int city_get(struct view *view, struct city *ret_city) {
    struct str row;
    int r = view_get(view, TABLE_META, CITY_KEY, &row);
    if (r != 0)
        return r;
    return city_decode(row, ret_city) == 0 ? 0
                                           : error_note(-EBADMSG, "the city's row cannot be read");
}

static int zone_from_list(struct context *context, const struct list *list, struct zone *zone) {
    const struct offset *offsets = list->items;
    if (list->n == 0 || list->n > sizeof zone->offsets / sizeof *zone->offsets)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.offsets",
                           "between 1 and 64 offsets");
    for (size_t i = 0; i < list->n; i++) {
        if (i && offsets[i].from <= offsets[i - 1].from)
            return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.offsets",
                               "offsets must ascend");
        zone->offsets[i].from_s = i ? offsets[i].from : INT64_MIN;
        zone->offsets[i].offset_s = (int32_t)offsets[i].seconds;
    }
    zone->n_offsets = list->n;
    return 0;
}

static bool zone_equal(const struct zone *one, const struct zone *other) {
    bool equal = one->n_offsets == other->n_offsets;
    for (size_t i = 0; equal && i < one->n_offsets; i++)
        equal = one->offsets[i].from_s == other->offsets[i].from_s &&
                one->offsets[i].offset_s == other->offsets[i].offset_s;
    return equal;
}

/* Days are counted already: what counted them must be able to take them back. */
static bool days_are_counted(struct view *view) {
    return number_last(view, noun_info(NOUN_VOLUNTEER)->name) > 0 ||
           number_last(view, noun_info(NOUN_ACTIVITY)->name) > 0;
}

/* The zone of a city configured before stays what it was, its offsets too: another machine's zone
 * files may differ. */
static int check_zone(struct context *context, const struct city *before,
                      const struct city_configured *data, const struct zone *zone) {
    bool other_name = !str_equal(str_from(before->time_zone), data->time_zone);
    if ((!other_name && zone_equal(&before->zone, zone)) || !days_are_counted(context->view))
        return 0;
    return problem_set(
        context->problem, PROBLEM_WRONG_STATE, other_name ? "data.time_zone" : "data.offsets",
        "days of service are already counted in %s%s; another zone needs a store of its own",
        before->time_zone, other_name ? "" : " with other offsets");
}

int apply_city_configured(struct context *context, const struct event *event,
                          const struct city_configured *data) {
    (void)event;
    struct city city = {.region = ""};
    int r = city_get(context->view, &city);
    if (r < 0)
        return r;
    if (r == 0 && !str_equal(str_from(city.region), data->region))
        return problem_set(
            context->problem, PROBLEM_WRONG_STATE, "data.region",
            "this store belongs to region %s; another city needs a directory of its own",
            city.region);
    struct city before = city;
    bool again = r == 0;
    memset(&city, 0, sizeof city);
    r = zone_from_list(context, &data->offsets, &city.zone);
    if (r == 0 && again)
        r = check_zone(context, &before, data, &city.zone);
    if (r != 0)
        return r;
    copy_text(city.region, sizeof city.region, data->region);
    copy_text(city.name, sizeof city.name, data->name);
    copy_text(city.time_zone, sizeof city.time_zone, data->time_zone);
    store_put(context->store, TABLE_META, CITY_KEY, (struct str){(const char *)&city, sizeof city});
    return 0;
}

static const struct hot_kind clocks = HOT_PLAIN(TABLE_META, struct clock_state);

int clock_get(struct view *view, struct clock_state *ret_clock) {
    int r = hot_read(view, &clocks, CLOCK_KEY, ret_clock);
    return r < 0 ? r : 0;
}

int clock_put_recorded(struct context *context, int64_t recorded_us) {
    void *clock;
    int r = hot_change(context, &clocks, CLOCK_KEY, &clock);
    if (r == 0)
        ((struct clock_state *)clock)->recorded_us = recorded_us;
    return r;
}

int apply_clock_ticked(struct context *context, const struct event *event,
                       const struct clock_ticked *data) {
    (void)event;
    void *clock;
    int r = hot_change(context, &clocks, CLOCK_KEY, &clock);
    if (r != 0)
        return r;
    ((struct clock_state *)clock)->ticked = data->date;
    r = ledger_day_ended(context, data->date - 1);
    if (r == 0)
        r = notices_day_ended(context, data->date - 1);
    if (r == 0)
        r = public_notices_day_ended(context, data->date - 1);
    if (r == 0)
        r = visits_day_ended(context, data->date - 1);
    if (r == 0)
        r = tasks_day_ended(context, data->date - 1);
    if (r == 0)
        r = commitments_day_ended(context, data->date - 1);
    if (r == 0)
        r = duties_day_ended(context, data->date - 1);
    if (r == 0)
        r = assessment_day_ended(context, data->date - 1);
    return r == 0 ? policy_runs_of_day(context, data->date) : r;
}

int apply_clock_accepted(struct context *context, const struct event *event,
                         const struct clock_accepted *data) {
    (void)context;
    (void)event;
    (void)data; /* the engine goes on writing from here; the state has nothing to remember but the
                   recorded time */
    return 0;
}
