/* What special funds hold for a region: each allocation, as it stood on the question's day. */
#include "domain/funds.h"
#include "domain/regions.h"
#include "policy/call.h"
#include "policy/subject_facts.h"

/* Steps of the budget for reading one. */
#define FUND_STEPS 60
#define LOOK_STEPS 4 /* for seeing that it is another region's */

struct funds_reading {
    struct reading *reading;
    bool whole; /* of the city: what is for no region, too */
    lua_Integer n;
};

static bool is_of_region(const struct funds_reading *self, const struct fund_pot *pot) {
    const struct call *call = self->reading->call;
    return self->whole ||
           (pot->region && region_lies_in_at(call->view, pot->region, self->reading->object->number,
                                             call->at, call->arena));
}

static void set_integer(lua_State *lua, const char *name, int64_t value) {
    lua_pushinteger(lua, value);
    lua_setfield(lua, -2, name);
}

static int push_pot(struct funds_reading *self, const struct fund *fund,
                    const struct fund_pot *pot) {
    struct call *call = self->reading->call;
    lua_State *lua = self->reading->lua;
    struct fund_entry entry;
    int r = fund_entry_get(call->view, pot->entry, call->arena, &entry);
    if (r != 0)
        return r < 0 ? r : 0;
    sandbox_charge(lua, FUND_STEPS);
    lua_createtable(lua, 0, 9);
    push_text(self->reading, fund->id);
    lua_setfield(lua, -2, "id");
    push_text(self->reading, fund->title.size ? fund->title : fund->id);
    lua_setfield(lua, -2, "title");
    push_text(self->reading, entry.purpose);
    lua_setfield(lua, -2, "origin");
    push_text(self->reading, entry.line.size ? entry.line : STR_NONE);
    lua_setfield(lua, -2, "line");
    set_integer(lua, "year", pot->year);
    set_integer(lua, "allocated", pot->allocated);
    set_integer(lua, "committed", pot->committed);
    set_integer(lua, "spent", pot->spent);
    set_integer(lua, "left", fund_pot_left(pot));
    lua_rawseti(lua, -2, ++self->n);
    return 0;
}

static int push_fund(struct funds_reading *self, const struct fund *fund) {
    int r = 0;
    for (size_t i = 0; r == 0 && i < fund->n_pots; i++) {
        sandbox_charge(self->reading->lua, LOOK_STEPS);
        if (is_of_region(self, &fund->pots[i]))
            r = push_pot(self, fund, &fund->pots[i]);
    }
    return r;
}

int funds_read(struct reading *reading) {
    struct call *call = reading->call;
    uint32_t path[REGION_DEPTH], n;
    struct funds_reading self = {.reading = reading,
                                 .whole = region_path_at(call->view, reading->object->number,
                                                         call->at, call->arena, path) <= 1};
    lua_newtable(reading->lua);
    int r = thing_count(call->view, NOUN_FUND, &n);
    for (uint32_t number = 1; r >= 0 && number <= n; number++) {
        struct fund fund;
        sandbox_charge(reading->lua, FUND_STEPS);
        r = fund_get(call->view, number, call->at, call->arena, &fund);
        if (r == 0)
            r = push_fund(&self, &fund);
    }
    return r < 0 ? r : 0;
}
