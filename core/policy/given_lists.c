#include "policy/given_lists.h"

#include "policy/call.h"
#include "policy/freeze.h"

/* Steps of the budget for each entry. */
#define ENTRY_STEPS 12
#define LISTED                                                                                     \
    ((unsigned)(ARGUMENT_FROM | ARGUMENT_TO | ARGUMENT_EXCUSED | ARGUMENT_OUTCOME |                \
                ARGUMENT_COURSE | ARGUMENT_VALID_ON))

/* The entry stands at the index; its date of that name, or `none`. */
static int32_t date_of(lua_State *lua, int entry, const char *name, int32_t none) {
    struct str text = STR_NONE;
    int32_t date = none;
    if (freeze_field(lua, entry, name) == LUA_TSTRING)
        text.data = lua_tolstring(lua, -1, &text.size);
    if (text.data && date_parse(text, &date) != 0)
        date = none;
    lua_settop(lua, entry);
    return date;
}

static bool word_is(lua_State *lua, int entry, const char *name, struct str word) {
    struct str text = STR_NONE;
    if (freeze_field(lua, entry, name) == LUA_TSTRING)
        text.data = lua_tolstring(lua, -1, &text.size);
    bool is = !text.data || str_equal(text, word);
    lua_settop(lua, entry);
    return is;
}

static bool is_excused(lua_State *lua, int entry) {
    freeze_field(lua, entry, "excused");
    bool is = lua_toboolean(lua, -1);
    lua_settop(lua, entry);
    return is;
}

/* Without an outcome those that are open or upheld are asked for. */
static bool outcome_fits(lua_State *lua, int entry, const struct arguments *arguments) {
    if (arguments->given & ARGUMENT_OUTCOME)
        return word_is(lua, entry, "outcome",
                       arguments->outcome == COMPLAINT_OUTCOME_COUNT
                           ? STR("open")
                           : str_from(COMPLAINT_OUTCOME_choices.words[arguments->outcome]));
    return word_is(lua, entry, "outcome", STR("open")) ||
           word_is(lua, entry, "outcome", STR("upheld"));
}

/* The entry is on the top. */
static bool entry_fits(struct reading *reading, const struct fact *fact) {
    const struct arguments *arguments = &reading->arguments;
    lua_State *lua = reading->lua;
    int entry = lua_gettop(lua);
    int32_t on = date_of(lua, entry, "on", INT32_MIN);
    bool fits = on == INT32_MIN || ((!arguments->from || on >= arguments->from) &&
                                    (!arguments->to || on <= arguments->to));
    if (arguments->given & ARGUMENT_EXCUSED)
        fits &= is_excused(lua, entry) == arguments->excused;
    if (fact->arguments & ARGUMENT_OUTCOME)
        fits &= outcome_fits(lua, entry, arguments);
    if (arguments->given & ARGUMENT_COURSE)
        fits &= word_is(lua, entry, "course", arguments->course);
    if (arguments->given & ARGUMENT_VALID_ON)
        fits &= (on == INT32_MIN || on <= arguments->valid_on) &&
                arguments->valid_on <= date_of(lua, entry, "valid_until", INT32_MAX);
    return fits;
}

void given_list_choose(struct reading *reading, const struct fact *fact) {
    lua_State *lua = reading->lua;
    int given = lua_gettop(lua);
    if (!(fact->arguments & LISTED) || !freeze_unwrap(lua, given))
        return;
    int list = lua_gettop(lua);
    lua_Integer n = (lua_Integer)lua_rawlen(lua, list), taken = 0;
    lua_newtable(lua);
    for (lua_Integer i = 1; i <= n; i++) {
        sandbox_charge(lua, ENTRY_STEPS);
        lua_rawgeti(lua, list, i);
        if (!lua_istable(lua, -1) || entry_fits(reading, fact))
            lua_rawseti(lua, list + 1, ++taken);
        lua_settop(lua, list + 1);
    }
    lua_replace(lua, given);
    lua_settop(lua, given);
}
