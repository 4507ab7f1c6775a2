#include "policy/terms.h"

#include "policy/host.h"
#include "policy/value_json.h"

static void put_date(struct buf *out, int32_t date) {
    char text[16];
    buf_json_string(out, (struct str){text, date_format(date, text)});
}

static void put_dates(const struct program *program, int32_t date, struct buf *out) {
    const struct parameter_set *newest = NULL;
    for (size_t i = 0; i < program->n_sets; i++)
        if (program->sets[i].from <= date)
            newest = &program->sets[i];
    buf_json_key(out, "from");
    if (newest)
        put_date(out, newest->from);
    else
        buf_put_str(out, STR("null"));
    buf_json_key(out, "later");
    buf_put_byte(out, '[');
    for (size_t i = 0; i < program->n_sets; i++) {
        if (program->sets[i].from <= date)
            continue;
        buf_json_item(out);
        put_date(out, program->sets[i].from);
    }
    buf_put_byte(out, ']');
}

/* The value on the top (popped), under that name: null where it is no table. */
static void put_table(lua_State *lua, const char *name, struct buf *out) {
    buf_json_key(out, name);
    if (lua_istable(lua, -1) || lua_isuserdata(lua, -1))
        value_json(lua, -1, out);
    else
        buf_put_str(out, STR("null"));
    lua_pop(lua, 1);
}

int policy_terms(struct policy_host *host, struct str revision, int32_t date, struct buf *out) {
    struct revision *found = host_find(host, revision);
    if (!found || host_renew_state(host) != 0 || !host_load(host, found))
        return 1;
    lua_State *lua = host->sandbox.lua;
    int top = lua_gettop(lua);
    buf_put_byte(out, '{');
    put_dates(&found->program, date, out);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, found->program.policy);
    freeze_field(lua, -1, "describe");
    put_table(lua, "describe", out);
    if (!program_push_parameters(host, &found->program, date))
        lua_pushnil(lua);
    put_table(lua, "parameters", out);
    buf_put_byte(out, '}');
    lua_settop(lua, top);
    return 0;
}
