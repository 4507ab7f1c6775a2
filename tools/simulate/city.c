#include "city.h"

#include <stdio.h>

#include "asked.h"
#include "calls.h"
#include "care.h"
#include "cases.h"
#include "conduct.h"
#include "consents.h"
#include "documents.h"
#include "emergency.h"
#include "funds.h"
#include "honours.h"
#include "lives.h"
#include "needs.h"
#include "posts.h"
#include "rewards.h"
#include "services.h"
#include "training.h"

#define BASE_FROM_HOUR 20u /* of the second day: documents, titles and figures */
#define BASE_SECONDS (3 * HOUR_S)

struct city {
    const struct plan *plan;
    struct regions regions;
    struct organisations organisations;
    struct people people;
    struct titles titles;
    struct figures figures;
    struct stations stations;
    struct documents documents;
    struct asked asked;
    struct posts posts;
    struct teams teams;
    struct lives lives;
    struct projects projects;
    struct activities activities;
    struct calls calls;
    struct trainings trainings;
    struct rewards rewards;
    struct honours honours;
    struct consents consents;
    struct needs needs;
    struct cares cares;
    struct conduct conduct;
    struct schedule schedule;
    struct services services;
    struct output out;
};

static void network_init(struct city *city) {
    const struct plan *plan = city->plan;
    titles_init(&city->titles, &city->people);
    figures_init(&city->figures, &city->people, &city->titles);
    stations_init(&city->stations, plan, &city->regions);
    city->documents = (struct documents){plan, &city->regions, &city->stations, &city->figures};
    city->asked = (struct asked){plan, &city->regions, &city->organisations};
    city->posts = (struct posts){&city->people};
    teams_init(&city->teams, &city->people);
    lives_init(&city->lives, &city->people, &city->teams);
    projects_init(&city->projects, plan, &city->organisations, &city->stations);
}

static void mechanisms_init(struct city *city) {
    calls_init(&city->calls, &city->people);
    trainings_init(&city->trainings, &city->people);
    rewards_init(&city->rewards, &city->people);
    honours_init(&city->honours, &city->people);
    consents_init(&city->consents, &city->people);
    needs_init(&city->needs, &city->calls);
    cares_init(&city->cares, &city->people, &city->projects);
    conduct_init(&city->conduct, &city->people);
}

static void city_init(struct city *city) {
    const struct plan *plan = city->plan;
    organisations_init(&city->organisations, plan, &city->regions);
    people_init(&city->people, plan, &city->regions, &city->organisations);
    network_init(city);
    mechanisms_init(city);
    activities_init(&city->activities, plan, &city->organisations, &city->stations,
                    &city->projects);
    schedule_init(&city->schedule);
    city->services = (struct services){.plan = plan,
                                       .regions = &city->regions,
                                       .people = &city->people,
                                       .activities = &city->activities,
                                       .schedule = &city->schedule,
                                       .faults = {.regions = &city->regions,
                                                  .figures = &city->figures,
                                                  .stations = &city->stations}};
}

static void city_deinit(struct city *city) {
    schedule_deinit(&city->schedule);
    activities_deinit(&city->activities);
    projects_deinit(&city->projects);
    lives_deinit(&city->lives);
    teams_deinit(&city->teams);
    stations_deinit(&city->stations);
    figures_deinit(&city->figures);
    titles_deinit(&city->titles);
    people_deinit(&city->people);
    organisations_deinit(&city->organisations);
    regions_deinit(&city->regions);
}

/* What stands on paper before anybody registers, in the evening of the organisations' day. */
static void set_up_base(struct city *city) {
    uint32_t n = 2 + titles_held_before(&city->titles) + city->figures.n;
    uint32_t gap = BASE_SECONDS / n, moment = DAY_S + BASE_FROM_HOUR * HOUR_S;
    moment = documents_register(&city->documents, &city->out, moment, gap);
    moment = titles_award(&city->titles, &city->out, moment, gap);
    figures_report(&city->figures, &city->out, moment, gap);
}

/* The divisions on the first day, the organisations on the second, then the volunteers; all before
 * the first activity is announced. */
static void set_up(struct city *city) {
    regions_define(&city->regions, &city->out, 8 * HOUR_S);
    organisations_define(&city->organisations, &city->regions, &city->out, DAY_S);
    set_up_base(city);
    people_register(&city->people, &city->out, 2 * DAY_S,
                    (SETUP_DAYS - PUBLISHED_DAYS_AHEAD) * DAY_S);
}

static void write_entry(struct city *city, const struct entry *entry) {
    switch ((enum entry_kind)entry->kind) {
    case ENTRY_PUBLISHED:
    case ENTRY_CHANGED:
    case ENTRY_CANCELLED:
    case ENTRY_CLOSED:
        activity_announce(&city->activities, &city->out, entry);
        break;
    case ENTRY_REGISTERED:
        person_register(&city->people, &city->out, entry->subject, entry->moment);
        break;
    case ENTRY_UPDATED:
        person_update(&city->people, &city->out, entry);
        break;
    case ENTRY_WITHDRAWN:
    case ENTRY_DIED:
        person_leave(&city->out, entry);
        break;
    case ENTRY_LIFE:
        life_write(&city->lives, &city->out, entry);
        break;
    case ENTRY_FIGURE:
        figure_report(&city->figures, &city->out, entry);
        break;
    case ENTRY_TITLE:
        title_write(&city->titles, &city->out, entry);
        break;
    case ENTRY_DIRECTIVE:
        directive_write(&city->documents, &city->out, entry);
        break;
    case ENTRY_TEAM:
        team_write(&city->teams, &city->out, entry);
        break;
    case ENTRY_PROJECT:
        project_write(&city->projects, &city->out, entry);
        break;
    case ENTRY_STATION:
        station_write(&city->stations, &city->out, entry);
        break;
    case ENTRY_CALL:
        call_write(&city->calls, &city->out, entry);
        break;
    case ENTRY_TRAINING:
        training_write(&city->trainings, &city->out, entry);
        break;
    case ENTRY_REWARD:
        reward_write(&city->rewards, &city->out, entry);
        break;
    case ENTRY_HONOUR:
        honour_write(&city->honours, &city->out, entry);
        break;
    case ENTRY_CASE:
        case_write(&city->honours, &city->out, entry);
        break;
    case ENTRY_FUND:
        fund_write(city->plan, &city->out, entry);
        break;
    case ENTRY_CONSENT:
        consent_write(&city->consents, &city->out, entry);
        break;
    case ENTRY_NEED:
        need_write(&city->needs, &city->out, entry);
        break;
    case ENTRY_EMERGENCY:
        emergency_write(&city->regions, &city->out, entry);
        break;
    case ENTRY_ASKED:
        asked_write(&city->asked, &city->out, entry);
        break;
    case ENTRY_POST:
        post_write(&city->posts, &city->out, entry);
        break;
    case ENTRY_CARE:
        care_write(&city->cares, &city->out, entry);
        break;
    case ENTRY_CONDUCT:
        conduct_write(&city->conduct, &city->out, entry);
        break;
    default:
        service_write(&city->services, &city->out, entry);
    }
}

/* Teams before people, stations before projects: what is named is there already. */
static void network_plan_day(struct city *city, uint32_t day) {
    directives_plan_day(&city->documents, &city->schedule, day);
    asked_plan_day(&city->asked, &city->schedule, day);
    posts_plan_day(&city->posts, &city->schedule, day);
    figures_plan_day(&city->figures, &city->schedule, day);
    titles_plan_day(&city->titles, &city->schedule, day);
    teams_plan_day(&city->teams, &city->schedule, day);
    stations_plan_day(&city->stations, &city->schedule, day);
    projects_plan_day(&city->projects, &city->schedule, day);
    lives_plan_day(&city->lives, &city->schedule, day);
}

static void mechanisms_plan_day(struct city *city, uint32_t day) {
    calls_plan_day(&city->calls, &city->schedule, day);
    trainings_plan_day(&city->trainings, &city->schedule, day);
    rewards_plan_day(&city->rewards, &city->schedule, day);
    honours_plan_day(&city->honours, &city->schedule, day);
    cases_plan_day(&city->honours, &city->schedule, day);
    funds_plan_day(city->plan, &city->schedule, day);
    consents_plan_day(&city->consents, &city->schedule, day);
    emergency_plan_day(city->plan, &city->schedule, day);
    needs_plan_day(&city->needs, &city->schedule, day);
    cares_plan_day(&city->cares, &city->schedule, day);
    conduct_plan_day(&city->conduct, &city->schedule, day);
}

static void live_day(struct city *city, uint32_t day) {
    network_plan_day(city, day);
    mechanisms_plan_day(city, day);
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
    else
        people_pass_over(&city.people);
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
