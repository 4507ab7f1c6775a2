/* How the stations that are still to be built and opened burn down: of the whole region, of each
 * row, and against each day on which a target is due. */
#include "bus/station_sites.h"

#define POINTS_LIMIT 130 /* of one line */
#define GROUP_ROWS 64

/* Regions that share a target's day: their stations together. */
struct group {
    enum MEASURE_choice measure;
    int32_t due;
    int64_t target;
    size_t n;
    uint32_t regions[GROUP_ROWS];
};

struct burn {
    const struct progress *progress;
    bool weekly;
    int32_t as_of;
    int32_t first, last; /* days */
    size_t n_days;
    int32_t days[POINTS_LIMIT];
    size_t n_groups;
    struct group *groups;
    json_t *by_region;
};

/* ---- the days ---- */

static int32_t month_end(int32_t month) {
    return month_first_date(month + 1) - 1;
}

static void widen(struct burn *burn, int32_t date) {
    burn->first = date < burn->first ? date : burn->first;
    burn->last = date > burn->last ? date : burn->last;
}

static void add_day(struct burn *burn, int32_t date) {
    if (burn->n_days < POINTS_LIMIT)
        burn->days[burn->n_days++] = date;
}

/* Each seventh day counted from the report's own, which is one of them. */
static void add_weeks(struct burn *burn) {
    int32_t before = (burn->as_of - burn->first + 6) / 7;
    int32_t after = (burn->last - burn->as_of + 6) / 7;
    before = before < POINTS_LIMIT / 2 ? before : POINTS_LIMIT / 2;
    for (int32_t week = -before; week <= after; week++)
        add_day(burn, burn->as_of + 7 * week);
}

/* Each month's end, and the report's own day. */
static void add_months(struct burn *burn) {
    int32_t today = date_month(burn->as_of);
    int32_t first = date_month(burn->first), last = date_month(burn->last);
    first = first < today - POINTS_LIMIT / 2 ? today - POINTS_LIMIT / 2 : first;
    for (int32_t month = first; month <= last; month++) {
        if (month == today && burn->as_of != month_end(month))
            add_day(burn, burn->as_of);
        add_day(burn, month_end(month));
    }
}

/* From the first step to the last due day, of stations and of targets. */
static void choose_days(struct burn *burn) {
    burn->first = burn->last = burn->as_of;
    for (size_t i = 0; i < burn->progress->n; i++) {
        const struct station *station = &burn->progress->sites[i].station;
        widen(burn, station->planned.on);
        widen(burn, station->due);
        if (station->built.sequence)
            widen(burn, station->built.on);
    }
    for (size_t i = 0; i < burn->n_groups; i++)
        widen(burn, burn->groups[i].due);
    if (!burn->progress->n && !burn->n_groups)
        return;
    if (burn->weekly)
        add_weeks(burn);
    else
        add_months(burn);
}

/* ---- points ---- */

/* Whether it stood so at the end of that day: one that was closed counts until then. */
static bool reached(const struct site *site, const struct station_step *step, int32_t date) {
    const struct station_step *closed = &site->station.closed;
    return step->sequence && step->on <= date && !(closed->sequence && closed->on <= date);
}

struct sums {
    json_int_t built, opened, due;
};

static void add_sums(const struct site *site, int32_t date, struct sums *sums) {
    const struct station *station = &site->station;
    sums->built += reached(site, &station->built, date);
    sums->opened += reached(site, &station->opened, date);
    sums->due += site->stands && station->due <= date;
}

static struct sums sums_of(const struct burn *burn, const uint32_t *regions, size_t n,
                           int32_t date) {
    struct sums sums = {0};
    for (size_t i = 0; i < burn->progress->n; i++) {
        const struct site *site = &burn->progress->sites[i];
        bool inside = false;
        for (size_t j = 0; j < n && !inside; j++)
            inside = site_lies_in(site, regions[j]);
        if (inside)
            add_sums(site, date, &sums);
    }
    return sums;
}

static json_int_t rest(json_int_t target, json_int_t done) {
    return target > done ? target - done : 0;
}

/* What lies ahead is not known. */
static json_t *known(const struct burn *burn, int32_t date, json_int_t value) {
    return date <= burn->as_of ? json_integer(value) : json_null();
}

static json_t *whole_points(const struct burn *burn, uint32_t region) {
    json_t *points = json_array();
    for (size_t i = 0; i < burn->n_days; i++) {
        int32_t date = burn->days[i];
        struct sums sums = sums_of(burn, &region, 1, date);
        json_array_append_new(points, json_pack("{s:o, s:o, s:o, s:I}", "date",
                                                json_from_date(date, INT32_MIN), "built",
                                                known(burn, date, sums.built), "opened",
                                                known(burn, date, sums.opened), "due", sums.due));
    }
    return points;
}

/* ---- the rows ---- */

static size_t planned_in(const struct burn *burn, uint32_t region) {
    size_t n = 0;
    for (size_t i = 0; i < burn->progress->n; i++)
        n += burn->progress->sites[i].stands && site_lies_in(&burn->progress->sites[i], region);
    return n;
}

/* The region's own target; else every station that is planned there. */
static int target_of(struct report *report, const struct burn *burn, uint32_t region,
                     enum MEASURE_choice measure, json_int_t *ret_target) {
    struct plan plan;
    int r = plan_target(report->query->view, NOUN_REGION, region, measure, report->day.at, &plan);
    *ret_target = r == 0 ? plan.target : (json_int_t)planned_in(burn, region);
    return r < 0 ? r : 0;
}

static int add_row(struct report *report, uint32_t region) {
    struct burn *burn = report->context;
    json_int_t built, opened;
    int r = target_of(report, burn, region, MEASURE_STATIONS_BUILT, &built);
    if (r == 0)
        r = target_of(report, burn, region, MEASURE_STATIONS_OPENED, &opened);
    if (r != 0 || (built == 0 && opened == 0))
        return r;
    json_t *row = report_region(report, region), *points = json_array();
    for (size_t i = 0; i < burn->n_days; i++) {
        int32_t date = burn->days[i];
        struct sums sums = sums_of(burn, &region, 1, date);
        json_array_append_new(points,
                              json_pack("{s:o, s:o, s:o}", "date", json_from_date(date, INT32_MIN),
                                        "to_build", known(burn, date, rest(built, sums.built)),
                                        "to_open", known(burn, date, rest(opened, sums.opened))));
    }
    json_object_del(row, "level");
    json_object_set_new(row, "points", points);
    json_array_append_new(burn->by_region, row);
    return 0;
}

/* ---- the days on which something is due ---- */

static void join(struct burn *burn, uint32_t region, bool whole, const struct plan *plan) {
    struct group *group = NULL;
    for (size_t i = 0; i < burn->n_groups && !whole; i++)
        if (burn->groups[i].measure == plan->measure && burn->groups[i].due == plan->due)
            group = &burn->groups[i];
    if (!group && burn->n_groups < GROUP_ROWS) {
        group = &burn->groups[burn->n_groups++];
        *group = (struct group){.measure = plan->measure, .due = plan->due};
    }
    if (!group || group->n >= GROUP_ROWS)
        return;
    group->target += plan->target;
    group->regions[group->n++] = region;
}

static int join_targets(struct report *report, uint32_t region, bool whole) {
    static const enum MEASURE_choice measures[] = {MEASURE_STATIONS_BUILT, MEASURE_STATIONS_OPENED};
    int r = 0;
    for (size_t i = 0; r >= 0 && i < sizeof measures / sizeof *measures; i++) {
        struct plan plan;
        r = plan_target(report->query->view, NOUN_REGION, region, measures[i], report->day.at,
                        &plan);
        if (r == 0)
            join(report->context, region, whole, &plan);
    }
    return r < 0 ? r : 0;
}

static int join_row(struct report *report, uint32_t region) {
    return region == report->region ? 0 : join_targets(report, region, false);
}

static int group_names(struct report *report, const struct group *group, json_t **ret_names) {
    json_t *names = json_array();
    for (size_t i = 0; i < group->n; i++) {
        struct region_defined region;
        int r = query_found(
            report_region_attributes(report, group->regions[i], &report->arena, &region));
        if (r != 0) {
            json_decref(names);
            return r;
        }
        json_array_append_new(names, json_from_str(region.name));
    }
    *ret_names = names;
    return 0;
}

static int add_group(struct report *report, const struct burn *burn, const struct group *group,
                     json_t *list) {
    bool built = group->measure == MEASURE_STATIONS_BUILT;
    json_t *names, *points = json_array();
    struct sums now = sums_of(burn, group->regions, group->n, burn->as_of);
    json_int_t done = built ? now.built : now.opened;
    for (size_t i = 0; i < burn->n_days; i++) {
        struct sums sums = sums_of(burn, group->regions, group->n, burn->days[i]);
        json_int_t value = rest(group->target, built ? sums.built : sums.opened);
        json_array_append_new(points, json_pack("{s:o, s:o}", "date",
                                                json_from_date(burn->days[i], INT32_MIN),
                                                "remaining", known(burn, burn->days[i], value)));
    }
    int r = group_names(report, group, &names);
    if (r != 0) {
        json_decref(points);
        return r;
    }
    json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:I, s:I, s:I, s:i, s:s, s:o}",
                                          "measure", MEASURE_choices.words[group->measure], "due",
                                          json_from_date(group->due, INT32_MIN), "regions", names,
                                          "target", (json_int_t)group->target, "done", done,
                                          "remaining", rest(group->target, done), "days_left",
                                          group->due - burn->as_of, "state",
                                          done >= group->target      ? "met"
                                          : group->due < burn->as_of ? "overdue"
                                                                     : "under_way",
                                          "points", points));
    return 0;
}

int station_burn_down(struct report *report, json_t *result) {
    static const char *const words[] = {"month", "week"};
    struct progress *progress = report->context;
    struct burn burn = {.progress = progress, .as_of = report->day.as_of};
    json_t *deadlines = json_array();
    int every;
    burn.by_region = json_array();
    burn.groups = arena_alloc(report->query->arena, GROUP_ROWS * sizeof *burn.groups);
    json_object_set_new(result, "burn_down_by", burn.by_region);
    json_object_set_new(result, "deadlines", deadlines);
    report->context = &burn;
    int r = query_word(report->query, "every", words, sizeof words / sizeof *words, &every);
    burn.weekly = every == 1;
    if (r == 0)
        r = report_each(report, join_row);
    if (r == 0)
        r = join_targets(report, report->region, true);
    if (r == 0) {
        choose_days(&burn);
        json_object_set_new(result, "burn_down", whole_points(&burn, report->region));
        r = report_each(report, add_row);
    }
    for (size_t i = 0; r == 0 && i < burn.n_groups; i++)
        r = add_group(report, &burn, &burn.groups[i], deadlines);
    report->context = progress;
    return r;
}
