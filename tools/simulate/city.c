#include "city.h"

#include <stdio.h>

#include "services.h"

struct city {
    const struct plan *plan;
    struct regions regions;
    struct organisations organisations;
    struct people people;
    struct activities activities;
    struct schedule schedule;
    struct services services;
    struct output out;
};

static void city_init(struct city *city) {
    const struct plan *plan = city->plan;
    organisations_init(&city->organisations, plan, &city->regions);
    people_init(&city->people, plan, &city->regions, &city->organisations);
    activities_init(&city->activities, plan, &city->regions, &city->organisations);
    schedule_init(&city->schedule);
    city->services = (struct services){.plan = plan,
                                       .regions = &city->regions,
                                       .people = &city->people,
                                       .activities = &city->activities,
                                       .schedule = &city->schedule,
                                       .faults = {.regions = &city->regions}};
}

static void city_deinit(struct city *city) {
    schedule_deinit(&city->schedule);
    activities_deinit(&city->activities);
    people_deinit(&city->people);
    organisations_deinit(&city->organisations);
    regions_deinit(&city->regions);
}

/* The divisions on the first day, the organisations on the second, then the volunteers; all before
 * the first activity is announced. */
static void set_up(struct city *city) {
    regions_define(&city->regions, &city->out, 8 * HOUR_S);
    organisations_define(&city->organisations, &city->regions, &city->out, DAY_S);
    people_register(&city->people, &city->out, 2 * DAY_S,
                    (SETUP_DAYS - PUBLISHED_DAYS_AHEAD) * DAY_S);
}

static void write_entry(struct city *city, const struct entry *entry) {
    switch ((enum entry_kind)entry->kind) {
    case ENTRY_PUBLISHED:
    case ENTRY_CHANGED:
    case ENTRY_CANCELLED:
        activity_announce(&city->activities, &city->out, entry);
        break;
    case ENTRY_UPDATED:
        person_update(&city->people, &city->out, entry);
        break;
    case ENTRY_WITHDRAWN:
        person_withdraw(&city->out, entry);
        break;
    default:
        service_write(&city->services, &city->out, entry);
    }
}

static void live_day(struct city *city, uint32_t day) {
    activities_plan_day(&city->activities, &city->schedule, day);
    if (day >= SETUP_DAYS) {
        people_plan_day(&city->people, &city->schedule, day);
        activities_open_day(&city->activities, day);
        services_plan_day(&city->services, day);
    }
    size_t n;
    const struct entry *entries = schedule_take(&city->schedule, day, &n);
    for (size_t i = 0; i < n; i++)
        write_entry(city, &entries[i]);
}

int city_simulate(const struct plan *plan, int fd) {
    struct city city = {.plan = plan};
    int r = regions_load(&city.regions, plan->divisions);
    if (r) {
        regions_deinit(&city.regions);
        return r;
    }
    city_init(&city);
    output_open(&city.out, plan, fd);
    if (plan->setup)
        set_up(&city);
    output_number_from_one(&city.out, 'e');
    for (uint32_t day = SETUP_DAYS - PUBLISHED_DAYS_AHEAD;
         day < SETUP_DAYS + plan->n_days && !city.out.error; day++)
        live_day(&city, day);
    city_deinit(&city);
    r = output_close(&city.out);
    if (r < 0)
        fprintf(stderr, "volunteer-simulate: cannot write: %s\n", strerror(-r));
    return r;
}
