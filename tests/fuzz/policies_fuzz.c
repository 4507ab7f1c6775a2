/* A policy's text, which the daemon reads word by word without running it: rewritten in place,
 * glanced at, scanned where it is sound Lua. What is rewritten is Lua where it was before, and
 * written again it stays as it is. */
#include "fuzz.h"

#include <lauxlib.h>

#include "bus/methods_rules.h"
#include "policy/rewrite.h"
#include "policy/scan.h"

static lua_State *lua;
static json_t *sets;

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    lua = luaL_newstate();
    sets = json_loads("{\"2018-01-01\": {\"hours\": [1, 2], \"a b\": {\"end\": true}}}", 0, NULL);
    assert(lua && sets);
    return 0;
}

static bool compiles(struct str text) {
    int status = luaL_loadbufferx(lua, text.data, text.size, "=policy", "t");
    lua_settop(lua, 0);
    return status == LUA_OK;
}

static void base(struct str text, bool is_lua) {
    struct buf once = {0}, twice = {0};
    if (rewrite_based_on(text, STR("rule:1"), &once) == 0) {
        reached("based_on");
        assert(!is_lua || compiles(buf_str(&once)));
        int r = rewrite_based_on(buf_str(&once), STR("rule:1"), &twice);
        assert(!is_lua || (r == 0 && str_equal(buf_str(&once), buf_str(&twice))));
        assert(!is_lua || rewrite_is_same(text, buf_str(&once)));
    }
    buf_deinit(&once);
    buf_deinit(&twice);
}

static void parameters(struct str text, bool is_lua) {
    struct buf once = {0}, twice = {0};
    if (rewrite_parameters(text, sets, STR("2018-01-01"), &once) == 0) {
        reached("parameters");
        assert(!is_lua || compiles(buf_str(&once)));
        int r = rewrite_parameters(buf_str(&once), sets, STR("2018-01-01"), &twice);
        assert(!is_lua || (r == 0 && str_equal(buf_str(&once), buf_str(&twice))));
    }
    buf_deinit(&once);
    buf_deinit(&twice);
}

static bool is_known(void *context, struct str name) {
    (void)context;
    return name.size > 3;
}

static void complain(void *context, enum severity severity, uint32_t line, const char *code,
                     const char *message) {
    (void)context;
    (void)severity;
    assert(line > 0 && *code && *message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct str text = input_str(data, size);
    bool is_lua = compiles(text);
    base(text, is_lua);
    parameters(text, is_lua);
    if (rule_glance(text, "name").data)
        reached("name");
    if (is_lua) {
        struct scan scan = {.is_known = is_known, .complain = complain};
        reached("Lua");
        scan_text(text, &scan);
    }
    return 0;
}
