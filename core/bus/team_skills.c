#include "bus/team_skills.h"

#include "domain/trainings.h"

struct skills_walk {
    struct view *view;
    struct team_skills *skills;
    int32_t on;
    int *held; /* by one member: of each skill 0, EXPIRED or VALID */
    bool any;
};
enum { EXPIRED = 1, VALID };

static int note_held(void *context, const struct qualification *held) {
    struct skills_walk *walk = context;
    int state = qualification_holds(held, walk->on) ? VALID : EXPIRED;
    walk->any |= state == VALID;
    for (size_t i = 0; i < walk->skills->n; i++)
        if (str_equal(walk->skills->items[i].name, held->qualification))
            walk->held[i] = state;
    return 0;
}

static int note_member(void *context, uint32_t volunteer, const struct member_row *row) {
    struct skills_walk *walk = context;
    struct team_skills *skills = walk->skills;
    bool all = true;
    if (row->left_on)
        return 0;
    for (size_t i = 0; i < skills->n; i++)
        walk->held[i] = 0;
    walk->any = false;
    int r = qualifications_each(walk->view, volunteer, note_held, walk);
    for (size_t i = 0; i < skills->n; i++) {
        skills->items[i].valid += walk->held[i] == VALID;
        skills->items[i].expired += walk->held[i] == EXPIRED;
        all &= walk->held[i] == VALID;
    }
    skills->members++;
    skills->qualified += skills->n ? all : walk->any;
    return r;
}

int team_skills_read(struct view *view, uint32_t team, const struct team_formed *data, int32_t on,
                     struct arena *arena, struct team_skills *ret_skills) {
    const struct str *names = data->qualifications.items;
    struct team_skills skills = {.n = data->qualifications.n};
    skills.items = arena_alloc(arena, (skills.n + 1) * sizeof *skills.items);
    for (size_t i = 0; i < skills.n; i++)
        skills.items[i].name = names[i];
    struct skills_walk walk = {.view = view, .skills = &skills, .on = on};
    walk.held = arena_alloc(arena, (skills.n + 1) * sizeof *walk.held);
    int r = team_members_each(view, team, note_member, &walk);
    if (r == 0)
        *ret_skills = skills;
    return r;
}
