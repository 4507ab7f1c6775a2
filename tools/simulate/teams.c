#include "teams.h"

#include <stdlib.h>

#include "activities.h"
#include "categories.h"
#include "random.h"

#define PEOPLE_PER_TEAM 60u
#define LEAST_TEAMS 12u
#define EARLY_PER_1000 650u /* there before the first day */
#define DISSOLVED_EVERY 29u
#define TRIES 6u

enum step { STEP_FORMED, STEP_UPDATED, STEP_DISSOLVED };
enum legal_status { LEGAL_REGISTERED, LEGAL_FILED, LEGAL_GRASSROOTS };

static const char *const legal_words[] = {"registered", "filed", "grassroots"};

static uint32_t draw_day(struct random *random, uint32_t from, uint32_t to) {
    return SETUP_DAYS + random_between(random, from, to);
}

static void draw_history(struct team *team, struct random *random, uint32_t index) {
    team->formed = random_chance(random, EARLY_PER_1000)
                       ? SETUP_DAYS - random_between(random, 1, PUBLISHED_DAYS_AHEAD)
                       : draw_day(random, 0, 300);
    if (team->legal_status == LEGAL_GRASSROOTS && random_chance(random, 250))
        team->updated = team->formed + random_between(random, 40, 120);
    if (index && index % DISSOLVED_EVERY == 0) {
        team->dissolved = team->formed + random_between(random, 130, 250);
        team->successor = index - 1; /* never one that dissolves itself */
    }
}

static struct team draw_team(const struct teams *teams, uint32_t index) {
    const struct people *people = teams->people;
    const struct organisations *organisations = people->organisations;
    struct random random = random_for(teams->plan->seed, STREAM_TEAM, index);
    struct team team = {.region = region_draw(people->regions, (uint32_t)random_next(&random)),
                        .organisation = NO_ORGANISATION};
    if (random_chance(&random, 450)) {
        team.organisation = random_below(&random, organisations->n);
        team.region = organisations->items[team.organisation].region;
        team.legal_status = random_chance(&random, 400) ? LEGAL_REGISTERED : LEGAL_FILED;
    } else {
        team.legal_status = random_chance(&random, 350) ? LEGAL_FILED : LEGAL_GRASSROOTS;
    }
    team.category = (uint8_t)category_draw((uint32_t)random_next(&random), false, false);
    team.professional = random_chance(&random, 150);
    draw_history(&team, &random, index);
    return team;
}

void teams_init(struct teams *teams, const struct people *people) {
    uint32_t n = people->plan->n_volunteers / PEOPLE_PER_TEAM;
    *teams = (struct teams){
        .plan = people->plan, .people = people, .n = n < LEAST_TEAMS ? LEAST_TEAMS : n};
    teams->items = calloc(teams->n, sizeof(*teams->items));
    if (!teams->items)
        abort();
    for (uint32_t i = 0; i < teams->n; i++)
        teams->items[i] = draw_team(teams, i);
    for (uint32_t i = 0; i < teams->n; i++) { /* a successor is there when it takes over */
        struct team *team = &teams->items[i];
        if (team->dissolved && teams->items[team->successor].formed >= team->dissolved)
            team->dissolved = 0;
    }
}

void teams_deinit(struct teams *teams) {
    free(teams->items);
    teams->items = NULL;
}

uint32_t team_near(const struct teams *teams, uint32_t region, uint64_t draw) {
    const struct regions *regions = teams->people->regions;
    uint32_t county = region_ancestor(regions, region, 3);
    for (uint32_t i = 0; i < TRIES; i++) {
        draw = random_mix(draw);
        uint32_t team = (uint32_t)(draw % teams->n);
        if (region_ancestor(regions, teams->items[team].region, 3) == county)
            return team;
    }
    return NO_TEAM;
}

bool team_exists(const struct team *team, uint32_t day) {
    return team->formed < day && (!team->dissolved || day < team->dissolved);
}

void field_team(struct output *out, const char *name, uint32_t team) {
    field_id(out, name, "tszyz:t", 4, team + 1);
}

void teams_plan_day(const struct teams *teams, struct schedule *schedule, uint32_t day) {
    for (uint32_t i = 0; i < teams->n; i++) {
        const struct team *team = &teams->items[i];
        const uint32_t days[] = {team->formed, team->updated, team->dissolved};
        for (uint32_t step = 0; step < 3; step++)
            if (days[step] == day)
                schedule_add(schedule, &(struct entry){.moment = day * DAY_S + 9 * HOUR_S +
                                                                 i * 37 % (8 * HOUR_S),
                                                       .kind = ENTRY_TEAM,
                                                       .subject = i,
                                                       .activity = step});
    }
}

static void write_formed(const struct teams *teams, struct output *out, uint32_t index) {
    const struct team *team = &teams->items[index];
    const struct region *region = &teams->people->regions->items[team->region];
    struct buf name = {0};
    buf_printf(&name, "%.*s%s志愿服务队", STR_ARG(region_short_name(region)),
               category_at(team->category)->title);
    field_text(out, "name", buf_str(&name));
    field_text(out, "category", str_from(category_at(team->category)->code));
    if (team->organisation == NO_ORGANISATION)
        field_text(out, "region", region->code);
    else
        field_organisation(out, "organisation", team->organisation);
    field_text(out, "legal_status", str_from(legal_words[team->legal_status]));
    if (team->professional)
        field_true(out, "professional");
    field_id(out, "leader", "clerk:", 3, index % 400 + 1);
    buf_deinit(&name);
}

void team_write(const struct teams *teams, struct output *out, const struct entry *entry) {
    static const char *const types[] = {"team.formed", "team.updated", "team.dissolved"};
    event_begin(out, SOURCE_PLATFORM, types[entry->activity], entry->moment);
    field_team(out, "team", entry->subject);
    if (entry->activity == STEP_FORMED) {
        write_formed(teams, out, entry->subject);
    } else if (entry->activity == STEP_UPDATED) { /* the community files what grew by itself */
        field_object(out, "changes");
        field_text(out, "legal_status", str_from(legal_words[LEGAL_FILED]));
        object_end(out);
    } else {
        field_team(out, "successor", teams->items[entry->subject].successor);
    }
    event_end(out);
}
