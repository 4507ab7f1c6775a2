#include "policy/volunteer_rewards.h"

#include "domain/dictionaries.h"
#include "domain/honours.h"
#include "domain/merges.h"
#include "domain/rewards.h"
#include "policy/call.h"

/* Steps of the budget for each redemption or nomination that is looked at, and more for each that
 * is listed. */
#define LOOK_STEPS 4
#define LISTED_STEPS 40

static bool fits(const struct reading *reading, int32_t on) {
    const struct arguments *arguments = &reading->arguments;
    return (!arguments->from || on >= arguments->from) && (!arguments->to || on <= arguments->to);
}

static void set_text(struct reading *reading, const char *name, struct str text) {
    push_text(reading, text.size ? text : STR_NONE);
    lua_setfield(reading->lua, -2, name);
}

static void set_integer(struct reading *reading, const char *name, int64_t value) {
    lua_pushinteger(reading->lua, value);
    lua_setfield(reading->lua, -2, name);
}

static void set_date(struct reading *reading, int32_t date) {
    push_date(reading, date);
    lua_setfield(reading->lua, -2, "on");
}

static int set_id(struct reading *reading, const char *name, enum noun noun, uint32_t number) {
    int r = push_id(reading, noun, number);
    if (r == 0)
        lua_setfield(reading->lua, -2, name);
    return r;
}

/* ---- redemptions ---- */

static int add_redemption(struct reading *reading, uint32_t number,
                          const struct redemption *redemption, lua_Integer *n) {
    lua_State *lua = reading->lua;
    struct dictionary_code account;
    sandbox_charge(lua, LISTED_STEPS);
    lua_createtable(lua, 0, 7);
    int r = set_id(reading, "id", NOUN_REDEMPTION, number);
    if (r == 0)
        r = set_id(reading, "reward", NOUN_REWARD, redemption->reward);
    if (r == 0)
        r = dictionary_at(reading->call->view, DICTIONARY_ACCOUNT, redemption->account, &account);
    if (r != 0)
        return r;
    set_text(reading, "account", account.code);
    set_integer(reading, "quantity", redemption->quantity);
    set_integer(reading, "amount", redemption->amount);
    set_date(reading, redemption->on);
    lua_pushboolean(lua, redemption->state == REDEMPTION_SETTLED);
    lua_setfield(lua, -2, "settled");
    lua_rawseti(lua, -2, ++*n);
    return 0;
}

struct listing {
    struct reading *reading;
    lua_Integer n;
};

static int list_redemptions(void *context, uint32_t volunteer) {
    struct listing *listing = context;
    struct reading *reading = listing->reading;
    struct view *view = reading->call->view;
    uint32_t number;
    int r = redemption_last(view, volunteer, &number);
    while (r == 0 && number) {
        struct redemption redemption;
        sandbox_charge(reading->lua, LOOK_STEPS);
        r = redemption_get(view, number, &redemption);
        bool counts = redemption.state == REDEMPTION_HELD || redemption.state == REDEMPTION_SETTLED;
        if (r == 0 && counts && fits(reading, redemption.on))
            r = add_redemption(reading, number, &redemption, &listing->n);
        number = redemption.previous;
    }
    return r;
}

/* Of the person, and of whoever was merged into the person. */
static int list_all(struct reading *reading, int (*list)(void *context, uint32_t volunteer)) {
    struct listing listing = {.reading = reading};
    lua_newtable(reading->lua);
    int r = list(&listing, reading->object->number);
    return r == 0 ? merged_each(reading->call->view, reading->object->number, list, &listing) : r;
}

int volunteer_redemptions(struct reading *reading) {
    return list_all(reading, list_redemptions);
}

/* ---- honours ---- */

static int add_honour(struct reading *reading, uint32_t number, const struct nomination_row *row,
                      lua_Integer *n) {
    struct call *call = reading->call;
    struct honour_defined honour;
    struct thing thing;
    sandbox_charge(reading->lua, LISTED_STEPS);
    int r = honour_get(call->view, row->honour, call->arena, &honour);
    if (r == 0)
        r = thing_get(call->view, NOUN_NOMINATION, number, call->arena, &thing);
    if (r != 0)
        return r;
    const struct honour_nominated *nomination = thing.attributes;
    lua_createtable(reading->lua, 0, 8);
    set_text(reading, "id", nomination->nomination);
    set_text(reading, "honour", honour.honour);
    set_text(reading, "title", honour.title);
    set_text(reading, "level", str_from(TITLE_LEVEL_choices.words[honour.level]));
    set_text(reading, "class", nomination->class);
    set_integer(reading, "year", nomination->year);
    set_integer(reading, "sequence", (int64_t)row->settled);
    set_date(reading, row->state == NOMINATION_WITHDRAWN ? row->withdrawn_on : row->awarded_on);
    lua_rawseti(reading->lua, -2, ++*n);
    return 0;
}

/* Those awarded; with `withdrawn` those that were taken away again, by that day. */
static int list_nominations(struct listing *listing, uint32_t volunteer, bool withdrawn) {
    struct reading *reading = listing->reading;
    struct view *view = reading->call->view;
    uint32_t number;
    int r = nomination_last(view, NOUN_VOLUNTEER, volunteer, &number);
    while (r == 0 && number) {
        struct nomination_row row;
        sandbox_charge(reading->lua, LOOK_STEPS);
        r = nomination_get(view, number, &row);
        bool counts = withdrawn ? row.state == NOMINATION_WITHDRAWN && row.awarded_on
                                : row.state == NOMINATION_AWARDED;
        if (r == 0 && counts && fits(reading, withdrawn ? row.withdrawn_on : row.awarded_on))
            r = add_honour(reading, number, &row, &listing->n);
        number = row.previous;
    }
    return r;
}

static int list_honours(void *context, uint32_t volunteer) {
    return list_nominations(context, volunteer, false);
}

static int list_withdrawn(void *context, uint32_t volunteer) {
    return list_nominations(context, volunteer, true);
}

int volunteer_withdrawn_honours(struct reading *reading) {
    return list_all(reading, list_withdrawn);
}

int volunteer_honours(struct reading *reading) {
    return list_all(reading, list_honours);
}
