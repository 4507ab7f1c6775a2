#include "domain/successions.h"

#include "domain/activities.h"
#include "domain/organisations.h"
#include "domain/pairings.h"
#include "domain/posts.h"
#include "domain/projects.h"
#include "domain/teams.h"

/* What was dissolved, what there may be of it, and how one of those goes from one to another. */
static const struct {
    enum run_kind kind;
    enum noun of;
    enum noun walked;
    int (*pass_on)(struct context *context, uint32_t number, uint32_t from, uint32_t to);
} successions[] = {
    {RUN_PASS_TEAMS, NOUN_ORGANISATION, NOUN_TEAM, team_pass_on},
    {RUN_PASS_PROJECTS, NOUN_ORGANISATION, NOUN_PROJECT, project_pass_on},
    {RUN_PASS_ACTIVITIES, NOUN_ORGANISATION, NOUN_ACTIVITY, activity_pass_on},
    {RUN_PASS_POSTS, NOUN_ORGANISATION, NOUN_POST, post_pass_on},
    {RUN_PASS_PAIRINGS, NOUN_ORGANISATION, NOUN_PAIRING, pairing_pass_on},
    {RUN_PASS_MEMBERS, NOUN_TEAM, NOUN_VOLUNTEER, team_member_pass_on},
    {RUN_PASS_TEAM_ACTIVITIES, NOUN_TEAM, NOUN_ACTIVITY, activity_pass_on_team},
};
#define SUCCESSIONS (sizeof successions / sizeof *successions)

int succession_begin(struct context *context, enum noun noun, uint32_t number) {
    int r = 0;
    for (size_t i = 0; r == 0 && i < SUCCESSIONS; i++) {
        struct run_row run = {
            .kind = successions[i].kind, .as_of = context_date(context), .subject = number};
        if (successions[i].of != noun)
            continue;
        r = thing_count(context->view, successions[i].walked, &run.last);
        if (r == 0)
            r = run_begin_as(context, &run);
    }
    return r;
}

static size_t succession_of(enum run_kind kind) {
    size_t i = 0;
    while (i < SUCCESSIONS && successions[i].kind != kind)
        i++;
    return i;
}

bool run_is_succession(enum run_kind kind) {
    return succession_of(kind) < SUCCESSIONS;
}

int succession_pass_on(struct context *context, const struct run_row *run, uint32_t cursor) {
    size_t i = succession_of((enum run_kind)run->kind);
    uint32_t to;
    int r = successions[i].of == NOUN_TEAM
                ? team_successor(context->view, run->subject, &to)
                : organisation_successor(context->view, run->subject, &to);
    for (uint32_t number = run->cursor + 1; r == 0 && to && number <= cursor; number++)
        r = successions[i].pass_on(context, number, run->subject, to);
    return r;
}
