/* What an assessment policy answers beside its indicators: { alerts = { { code =, severity =, text
 * =, help = }, ... } }: what somebody must look at. */
#include "policy/freeze.h"
#include "policy/result.h"

#define ALERTS_LIMIT 32
#define ALERT_TEXT_BYTES 512

static const char wrong_alert[] =
    "must be a list of { code =, severity =, text =, help = }: a code of small letters, digits and "
    "_, of severity \"notice\", \"warning\" or \"critical\", with texts of at most 512 bytes";

static struct str text_of(lua_State *lua, int table, const char *name) {
    struct str text = STR_NONE;
    if (freeze_field(lua, table, name) == LUA_TSTRING)
        text.data = lua_tolstring(lua, -1, &text.size);
    return text; /* stays on the stack, so that it stays */
}

static bool take_text(struct result *result, int table, const char *name, struct str *ret_text) {
    struct call *call = result->call;
    struct str text = text_of(result->lua, table, name);
    if (!text.size || text.size > ALERT_TEXT_BYTES || !call_is_text(text) ||
        !call_take_bytes(call, result->limits, text.size))
        return false;
    *ret_text = arena_copy(call->arena, text);
    return true;
}

static bool take_severity(struct result *result, int table, struct answer_alert *alert) {
    struct str word = text_of(result->lua, table, "severity");
    for (size_t i = 0; word.data && i < ALERT_SEVERITY_choices.n; i++) {
        if (!str_equal(word, str_from(ALERT_SEVERITY_choices.words[i])))
            continue;
        alert->severity = (enum ALERT_SEVERITY_choice)i;
        return true;
    }
    return false;
}

static size_t members(lua_State *lua, int table) {
    size_t n = 0;
    for (lua_pushnil(lua); lua_next(lua, table); lua_pop(lua, 1))
        n++;
    return n;
}

/* The alert that is on the top. */
static bool take_alert(struct result *result, struct answer_alert *alert) {
    lua_State *lua = result->lua;
    if (!freeze_unwrap(lua, -1))
        return false;
    int table = lua_gettop(lua);
    if (members(lua, table) != 4 || !take_text(result, table, "code", &alert->code) ||
        !call_is_code(alert->code))
        return false;
    return take_severity(result, table, alert) && take_text(result, table, "text", &alert->text) &&
           take_text(result, table, "help", &alert->help);
}

static bool stands_before(const struct answer_alert *list, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (str_equal(list[i].code, list[n].code))
            return true;
    return false;
}

const char *result_read_alerts(struct result *result) {
    lua_State *lua = result->lua;
    int top = lua_gettop(lua);
    size_t n;
    if (!freeze_unwrap(lua, -1) || !lua_checkstack(lua, 16) || !freeze_list(lua, -1, &n))
        return wrong_alert;
    int list = lua_gettop(lua);
    if (n > ALERTS_LIMIT)
        return "there are more than 32 alerts";
    struct answer_alert *alerts = arena_alloc(result->call->arena, (n + 1) * sizeof *alerts);
    for (size_t i = 0; i < n; i++) {
        alerts[i] = (struct answer_alert){.code = STR_NONE};
        lua_rawgeti(lua, list, (lua_Integer)i + 1);
        if (!take_alert(result, &alerts[i]))
            return wrong_alert;
        if (stands_before(alerts, i))
            return "one code stands there twice: of a subject one alert of a code is open";
        lua_settop(lua, list);
    }
    lua_settop(lua, top);
    result->answer->alerts = (struct list){n, alerts};
    return NULL;
}
