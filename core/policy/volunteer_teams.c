#include "policy/volunteer_teams.h"

#include "domain/teams.h"
#include "policy/call.h"

/* Steps of the budget for each team ever joined. */
#define TEAM_STEPS 40

struct walk {
    struct reading *reading;
    lua_Integer n;
};

static void push_team(struct walk *walk, struct str id, const struct team_formed *team,
                      const struct member_row *row) {
    struct reading *reading = walk->reading;
    lua_State *lua = reading->lua;
    lua_createtable(lua, 0, 4);
    push_text(reading, id);
    lua_setfield(lua, -2, "id");
    push_text(reading, team->name);
    lua_setfield(lua, -2, "name");
    push_text(reading, team->category);
    lua_setfield(lua, -2, "category");
    push_date(reading, row->joined_on);
    lua_setfield(lua, -2, "joined_on");
    lua_rawseti(lua, -2, ++walk->n);
}

static int take_team(void *context, uint32_t number, const struct member_row *row) {
    struct walk *walk = context;
    struct call *call = walk->reading->call;
    struct team_row team;
    struct team_formed attributes;
    struct str id;
    sandbox_charge(walk->reading->lua, TEAM_STEPS);
    int r = team_get(call->view, number, &team);
    if (r != 0)
        return r < 0 ? r : 0;
    bool left = row->left_on && row->left_on <= call->as_of;
    bool dissolved = team.dissolved_on && team.dissolved_on <= call->as_of;
    if (row->joined_on > call->as_of || left || dissolved)
        return 0;
    r = team_attributes(call->view, number, call->arena, &attributes);
    if (r == 0)
        r = thing_id(call->view, NOUN_TEAM, number, call->arena, &id);
    if (r == 0)
        push_team(walk, id, &attributes, row);
    return r;
}

int volunteer_teams(struct reading *reading) {
    struct walk walk = {.reading = reading};
    lua_newtable(reading->lua);
    return volunteer_teams_each(reading->call->view, reading->object->number, take_team, &walk);
}
