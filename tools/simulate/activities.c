#include "activities.h"

#include <stdlib.h>

#include "categories.h"
#include "random.h"
#include "season.h"

#define RECORDS_PER_PERSON_YEAR 13u
#define PEOPLE_PER_ACTIVITY 16u
#define CHANGED_PER_1000 40u
#define CANCELLED_PER_1000 20u
#define IN_PROJECT_EVERY 6u
#define OTHER_UNIT_PER_1000 350u /* held by any unit of the county, not by the region's own */

enum slot { SLOT_MORNING, SLOT_AFTERNOON, SLOT_EVENING, SLOT_DAY, SLOT_NIGHT, SLOT_COUNT };

/* Parts of the day, in minutes. They leave at least half an hour between each other, so that
 * whoever serves in two of them, or in the night and the next morning, never serves twice at once.
 */
static const struct {
    uint32_t earliest, latest;             /* start */
    uint32_t shortest, longest;            /* duration */
    uint32_t weekday_share, weekend_share; /* per mille */
} slots[SLOT_COUNT] = {
    [SLOT_MORNING] = {8 * 60, 9 * 60 + 30, 120, 150, 270, 370},
    [SLOT_AFTERNOON] = {14 * 60, 15 * 60, 120, 180, 280, 300},
    [SLOT_EVENING] = {18 * 60 + 30, 19 * 60 + 30, 90, 150, 330, 140},
    [SLOT_DAY] = {8 * 60, 9 * 60, 300, 510, 90, 160},
    [SLOT_NIGHT] = {22 * 60 + 30, 23 * 60, 180, 330, 30, 30},
};

static uint32_t count_of_day(const struct plan *plan, uint32_t day) {
    uint64_t records = (uint64_t)plan->n_volunteers * RECORDS_PER_PERSON_YEAR *
                       season_factor(plan_date(plan, day));
    uint64_t n = records / (365u * SEASON_AVERAGE * PEOPLE_PER_ACTIVITY);
    return n < 2 ? 2 : (uint32_t)n;
}

void activities_init(struct activities *activities, const struct plan *plan,
                     const struct organisations *organisations, const struct stations *stations,
                     const struct projects *projects) {
    const struct regions *regions = stations->regions;
    uint32_t n = plan->n_days + PUBLISHED_DAYS_AHEAD + 2;
    *activities = (struct activities){.plan = plan,
                                      .regions = regions,
                                      .organisations = organisations,
                                      .stations = stations,
                                      .projects = projects,
                                      .numbers = calloc(n, sizeof(uint32_t)),
                                      .first = calloc(regions->n + 1, sizeof(uint32_t))};
    if (!activities->numbers || !activities->first)
        abort();
    for (uint32_t i = 0; i + 1 < n; i++) {
        uint32_t count = count_of_day(plan, SETUP_DAYS + i);
        activities->numbers[i + 1] = activities->numbers[i] + count;
        if (activities->capacity < count)
            activities->capacity = count;
    }
    activities->today = calloc(activities->capacity, sizeof(*activities->today));
    activities->drawn = calloc(activities->capacity, sizeof(*activities->drawn));
    if (!activities->today || !activities->drawn)
        abort();
}

void activities_deinit(struct activities *activities) {
    free(activities->numbers);
    free(activities->first);
    free(activities->today);
    free(activities->drawn);
    *activities = (struct activities){0};
}

static enum slot draw_slot(struct random *random, int32_t date, uint32_t index) {
    bool weekend = season_is_weekend(date);
    uint32_t draw = random_below(random, 1000), slot = 0;
    if (index == 0 && season_is_new_years_eve(date))
        return SLOT_NIGHT; /* every year's end is crossed by somebody */
    for (; slot < SLOT_NIGHT; slot++) {
        uint32_t share = weekend ? slots[slot].weekend_share : slots[slot].weekday_share;
        if (draw < share)
            break;
        draw -= share;
    }
    return (enum slot)slot;
}

/* In quarters of an hour, as people announce them. */
static uint32_t draw_quarter(struct random *random, uint32_t low, uint32_t high) {
    return low + random_below(random, (high - low) / 15 + 1) * 15;
}

static uint32_t draw_organisation(const struct activities *activities, struct random *random,
                                  uint32_t region) {
    const struct organisations *organisations = activities->organisations;
    const struct regions *regions = activities->regions;
    uint32_t county = region_ancestor(regions, region, 3);
    for (uint32_t tries = random_chance(random, OTHER_UNIT_PER_1000) ? 8 : 0; tries; tries--) {
        uint32_t candidate = random_below(random, organisations->n);
        if (region_ancestor(regions, organisations->items[candidate].region, 3) == county)
            return candidate;
    }
    return organisation_above(organisations, regions, region);
}

/* One in six belongs to a project that was there when it was announced. */
static void draw_project(const struct activities *activities, struct activity *activity) {
    const struct projects *projects = activities->projects;
    uint64_t draw = random_mix(activity->draw);
    uint32_t index = (uint32_t)(draw / IN_PROJECT_EVERY % projects->n);
    activity->project = NO_PROJECT;
    if (draw % IN_PROJECT_EVERY ||
        !project_exists(&projects->items[index], activity->published_day))
        return;
    activity->project = index;
    activity->category = projects->items[index].category;
}

static struct activity draw_activity(const struct activities *activities, uint32_t day,
                                     uint32_t index) {
    const struct plan *plan = activities->plan;
    struct random random = random_for(plan->seed, STREAM_ACTIVITY, (uint64_t)day << 32 | index);
    int32_t date = plan_date(plan, day);
    struct activity activity = {.number = activities->numbers[day - SETUP_DAYS] + index};
    activity.region = region_draw(activities->regions, (uint32_t)(random_next(&random) >> 32));
    activity.organisation = draw_organisation(activities, &random, activity.region);
    enum slot slot = draw_slot(&random, date, index);
    uint32_t minute = draw_quarter(&random, slots[slot].earliest, slots[slot].latest);
    uint32_t minutes = draw_quarter(&random, slots[slot].shortest, slots[slot].longest);
    activity.starts = day * DAY_S + minute * MINUTE_S;
    activity.ends = activity.starts + minutes * MINUTE_S;
    activity.night = slot == SLOT_NIGHT;
    activity.published_day = day - random_between(&random, 2, PUBLISHED_DAYS_AHEAD);
    activity.places = random_between(&random, 2, 12) * 5;
    activity.draw = (uint32_t)(random_next(&random) >> 32);
    bool window = organisation_serves_window(activities->organisations, activity.organisation);
    activity.category =
        (uint8_t)category_draw((uint32_t)random_next(&random), season_is_march(date), window);
    draw_project(activities, &activity);
    uint32_t fate = random_below(&random, 1000);
    activity.cancelled = fate < CANCELLED_PER_1000;
    activity.changed = !activity.cancelled && fate < CANCELLED_PER_1000 + CHANGED_PER_1000;
    return activity;
}

static uint32_t count_on(const struct activities *activities, uint32_t day) {
    const uint32_t *numbers = &activities->numbers[day - SETUP_DAYS];
    return numbers[1] - numbers[0];
}

static void plan_announcement(struct schedule *schedule, const struct activity *activity,
                              enum entry_kind kind, uint32_t day, uint32_t of_day, uint32_t index) {
    uint32_t second = 9 * HOUR_S + activity->draw % (9 * HOUR_S);
    schedule_add(schedule, &(struct entry){.moment = day * DAY_S + second,
                                           .kind = (uint8_t)kind,
                                           .subject = index,
                                           .starts = of_day});
}

static void plan_changes(const struct activities *activities, struct schedule *schedule,
                         uint32_t day) {
    uint32_t of_day = day + 1;
    for (uint32_t i = 0; i < count_on(activities, of_day); i++) {
        struct activity activity = draw_activity(activities, of_day, i);
        if (activity.changed)
            plan_announcement(schedule, &activity, ENTRY_CHANGED, day, of_day, i);
        if (activity.cancelled)
            plan_announcement(schedule, &activity, ENTRY_CANCELLED, day, of_day, i);
    }
}

static void plan_closings(const struct activities *activities, struct schedule *schedule,
                          uint32_t day) {
    uint32_t of_day = day - CLOSED_DAYS_AFTER;
    for (uint32_t i = 0; i < count_on(activities, of_day); i++) {
        struct activity activity = draw_activity(activities, of_day, i);
        if (!activity.cancelled)
            plan_announcement(schedule, &activity, ENTRY_CLOSED, day, of_day, i);
    }
}

void activities_plan_day(const struct activities *activities, struct schedule *schedule,
                         uint32_t day) {
    if (day + 1 >= SETUP_DAYS)
        plan_changes(activities, schedule, day);
    if (day >= SETUP_DAYS + CLOSED_DAYS_AFTER)
        plan_closings(activities, schedule, day);
    for (uint32_t ahead = 2; ahead <= PUBLISHED_DAYS_AHEAD; ahead++) {
        uint32_t of_day = day + ahead;
        if (of_day < SETUP_DAYS)
            continue;
        for (uint32_t i = 0; i < count_on(activities, of_day); i++) {
            struct activity activity = draw_activity(activities, of_day, i);
            if (activity.published_day == day)
                plan_announcement(schedule, &activity, ENTRY_PUBLISHED, day, of_day, i);
        }
    }
}

/* Counting sort by region: `first` is where each region's begin. */
void activities_open_day(struct activities *activities, uint32_t day) {
    uint32_t n_regions = activities->regions->n, n = 0;
    uint32_t *first = activities->first;
    memset(first, 0, (n_regions + 1) * sizeof(*first));
    for (uint32_t i = 0; i < count_on(activities, day); i++) {
        struct activity activity = draw_activity(activities, day, i);
        if (activity.cancelled)
            continue;
        activities->drawn[n++] = activity;
        first[activity.region + 1]++;
    }
    for (uint32_t i = 0; i < n_regions; i++)
        first[i + 1] += first[i];
    for (uint32_t i = 0; i < n; i++)
        activities->today[first[activities->drawn[i].region]++] = activities->drawn[i];
    for (uint32_t i = n_regions; i > 0; i--)
        first[i] = first[i - 1];
    first[0] = 0;
    activities->n_today = n;
}

void field_activity(struct output *out, const char *name, uint32_t number) {
    field_id(out, name, "tszyz:a", 5, number + 1);
}

static void field_place(struct output *out, struct str region, uint32_t draw, struct buf *text) {
    static const char *const places[] = {"文化广场", "便民服务中心", "主要路口",
                                         "活动室",   "居民小区",     "河堤公园"};
    buf_reset(text);
    buf_printf(text, "%.*s%s", STR_ARG(region), places[draw % 6]);
    field_object(out, "place");
    field_text(out, "text", buf_str(text));
    object_end(out);
}

static const char *kind_word(uint32_t draw) {
    uint32_t place = draw % 100;
    return place < 96   ? "service"
           : place < 98 ? "performance"
           : place < 99 ? "preparation"
                        : "creation";
}

/* Where it is held, once the community's station is open. */
static void field_home(const struct activities *activities, struct output *out,
                       const struct activity *activity, uint32_t moment) {
    uint32_t station = activities->stations->of_region[activity->region];
    if (station && station_is_open(&activities->stations->items[station - 1], moment / DAY_S))
        field_station(out, "station", station - 1);
    if (activity->project != NO_PROJECT)
        field_project(out, "project", activity->project);
}

static void publish(const struct activities *activities, struct output *out,
                    const struct activity *activity, uint32_t moment) {
    const struct region *region = &activities->regions->items[activity->region];
    const struct category *category = category_at(activity->category);
    struct buf text = {0};
    buf_printf(&text, "%.*s%s志愿服务", STR_ARG(region->name), category->title);
    event_begin(out, SOURCE_PLATFORM, "activity.published", moment);
    field_activity(out, "activity", activity->number);
    field_text(out, "title", buf_str(&text));
    field_text(out, "content", str_from(category->content));
    field_text(out, "category", str_from(category->code));
    field_text(out, "kind", str_from(kind_word(activity->draw)));
    field_organisation(out, "organisation", activity->organisation);
    field_text(out, "region", region->code);
    field_place(out, region->name, activity->draw, &text);
    field_home(activities, out, activity, moment);
    field_moment(out, "starts", activity->starts);
    field_moment(out, "ends", activity->ends);
    field_integer(out, "places", activity->places);
    field_text(out, "risk",
               activity->night ? STR("夜间户外服务,须两人以上同行,注意行车安全")
                               : str_from(category->risk));
    if (activity->night) {
        field_object(out, "needs");
        field_integer(out, "min_age", 18);
        object_end(out);
        field_text(out, "insurance", STR("已投保人身意外伤害保险"));
    }
    field_id(out, "leader", "clerk:", 3, activity->organisation % 400 + 1);
    category_fields(out, category);
    event_end(out);
    buf_deinit(&text);
}

static void change(struct output *out, const struct activity *activity, struct str region,
                   uint32_t moment) {
    struct buf text = {0};
    event_begin(out, SOURCE_PLATFORM, "activity.changed", moment);
    field_activity(out, "activity", activity->number);
    field_object(out, "changes");
    if (activity->draw % 2)
        field_integer(out, "places", activity->places + 10);
    else
        field_place(out, region, activity->draw + 1, &text);
    object_end(out);
    event_end(out);
    buf_deinit(&text);
}

static void cancel(struct output *out, const struct activity *activity, uint32_t moment) {
    event_begin(out, SOURCE_PLATFORM, "activity.cancelled", moment);
    field_activity(out, "activity", activity->number);
    field_text(out, "reason", activity->draw % 3 ? STR("天气原因") : STR("报名人数不足"));
    event_end(out);
}

static void close_down(struct output *out, const struct activity *activity, uint32_t moment) {
    event_begin(out, SOURCE_PLATFORM, "activity.closed", moment);
    field_activity(out, "activity", activity->number);
    event_end(out);
}

void activity_announce(const struct activities *activities, struct output *out,
                       const struct entry *entry) {
    struct activity activity = draw_activity(activities, entry->starts, entry->subject);
    if (entry->kind == ENTRY_PUBLISHED)
        publish(activities, out, &activity, entry->moment);
    else if (entry->kind == ENTRY_CANCELLED)
        cancel(out, &activity, entry->moment);
    else if (entry->kind == ENTRY_CLOSED)
        close_down(out, &activity, entry->moment);
    else
        change(out, &activity, activities->regions->items[activity.region].name, entry->moment);
}
