#include "policy/object.h"

#include <assert.h>

#include "policy/arguments.h"
#include "policy/call.h"
#include "policy/freeze.h"
#include "policy/nearest.h"
#include "policy/stored.h"
#include "policy/value_json.h"
#include "util/error.h"

/* Steps of the budget for each object of a list. */
#define OBJECT_STEPS 20

static const struct object_type *const types[OBJECT_KINDS] = {
    [OBJECT_VOLUNTEER] = &volunteer_object,
    [OBJECT_RECORD] = &record_object,
    [OBJECT_ACTIVITY] = &activity_object,
    [OBJECT_REGION] = &region_object,
    [OBJECT_ORGANISATION] = &organisation_object,
    [OBJECT_CONTEXT] = &context_object,
    [OBJECT_CALENDAR] = &calendar_object,
    [OBJECT_REDEMPTION_REQUEST] = &redemption_request_object,
    [OBJECT_REWARD] = &reward_object,
    [OBJECT_HONOUR] = &honour_object,
    [OBJECT_REQUEST] = &request_object,
    [OBJECT_POST] = &post_object,
};

const struct object_type *object_type(enum object_kind kind) {
    return types[kind];
}

/* ---- the log ---- */

static void value_on_top(struct reading *reading, struct fact_value *ret_value) {
    lua_State *lua = reading->lua;
    struct call *call = reading->call;
    *ret_value = (struct fact_value){.kind = FACT_NONE};
    switch (lua_type(lua, -1)) {
    case LUA_TNUMBER:
        ret_value->kind = FACT_INTEGER;
        ret_value->integer = lua_tointeger(lua, -1);
        break;
    case LUA_TBOOLEAN:
        ret_value->kind = FACT_BOOLEAN;
        ret_value->integer = lua_toboolean(lua, -1);
        break;
    case LUA_TSTRING:
        ret_value->kind = FACT_TEXT;
        ret_value->text.data = lua_tolstring(lua, -1, &ret_value->text.size);
        break;
    case LUA_TTABLE:
        ret_value->kind = FACT_JSON;
        if (!call->json.size)
            value_json(lua, -1, &call->json);
        ret_value->text = buf_str(&call->json);
        break;
    default:
        break;
    }
}

/* The object on the top was reached by another path before: without this nobody could tell what was
 * read of it. */
static void note_same(struct reading *reading, struct str name) {
    const struct object *object = lua_touserdata(reading->lua, -1);
    struct fact_value value = {FACT_SAME, 0, object->path};
    fact_log_add(&reading->call->log, reading->object->path, name, STR_NONE, &value, true);
}

/* Whether the object stands where the fact of the one that is read leads to. */
static bool is_in_place(const struct reading *reading, const struct object *object,
                        struct str name) {
    struct str path = object->path, before = reading->object->path;
    size_t skipped = before.size ? before.size + 1 : 0;
    return path.size == skipped + name.size &&
           memcmp(path.data + skipped, name.data, name.size) == 0 &&
           (!before.size || memcmp(path.data, before.data, before.size) == 0);
}

/* An attribute once, what has arguments once for each. */
static void note(struct reading *reading, const struct fact *fact, size_t index,
                 const struct fact_value *value) {
    uint64_t bit = UINT64_C(1) << (index & 63);
    const struct object *object = lua_touserdata(reading->lua, -1);
    if (reading->host->forgets || (!fact->method && (reading->object->noted & bit)))
        return;
    if (!fact->method)
        reading->object->noted |= bit;
    if (object) {
        struct str reached = {fact->name, fact->name_size};
        if (!object->given && !is_in_place(reading, object, reached))
            note_same(reading, reached);
        return;
    }
    struct str arguments = STR_NONE, name = {fact->name, fact->name_size};
    char text[ARGUMENTS_TEXT_BYTES];
    if (reading->arguments.given)
        arguments = arguments_text(&reading->arguments, text);
    fact_log_add(&reading->call->log, reading->object->path, name, arguments, value, fact->method);
}

/* ---- reading one fact ---- */

static int read_real(struct reading *reading, const struct fact *fact) {
    struct object *object = reading->object;
    const struct object_type *type = types[object->kind];
    int r = 0;
    if (reading->call->stored)
        return stored_fact_read(reading, fact);
    if (!object->loaded && type->load) {
        r = type->load(reading);
        object->loaded = r == 0;
    }
    if (r == 0)
        r = fact->read(reading);
    if (r > 0)
        r = error_note(-EBADMSG, "a row that a policy's fact names is missing");
    if (r < 0) {
        reading->call->error = r;
        return sandbox_abort(reading->lua, "the state could not be read");
    }
    return 1;
}

static void push_missing(struct reading *reading, const struct fact *fact) {
    switch (fact->missing) {
    case DEFAULT_ZERO:
        lua_pushinteger(reading->lua, 0);
        break;
    case DEFAULT_FALSE:
        lua_pushboolean(reading->lua, 0);
        break;
    case DEFAULT_LIST:
        push_empty_list(reading);
        break;
    case DEFAULT_OBJECT:
    case DEFAULT_NONE:
        lua_pushnil(reading->lua);
        break;
    case DEFAULT_READ:
        (void)fact->read(reading);
        break;
    }
}

/* Whether the table on the top, one of a list, lies in the window that is asked for: by its `on`.
 */
static bool given_within(struct reading *reading) {
    const struct arguments *arguments = &reading->arguments;
    lua_State *lua = reading->lua;
    struct str on = STR_NONE;
    if (freeze_field(lua, -1, "on") == LUA_TSTRING)
        on.data = lua_tolstring(lua, -1, &on.size);
    lua_pop(lua, 1);
    return !on.data || ((!arguments->from || str_compare(on, arguments->from_text) >= 0) &&
                        (!arguments->to || str_compare(on, arguments->to_text) <= 0));
}

/* In a case: the list of objects whose facts stand in the list of tables at the index. */
static void push_given_list(struct reading *reading, const struct fact *fact, int index) {
    lua_State *lua = reading->lua;
    freeze_unwrap(lua, index);
    int given = lua_gettop(lua);
    lua_Integer n = (lua_Integer)lua_rawlen(lua, given), count = 0;
    lua_Integer limit = reading->arguments.limit ? reading->arguments.limit : n;
    lua_newtable(lua);
    for (lua_Integer i = 1; i <= n && count < limit; i++) {
        sandbox_charge(lua, OBJECT_STEPS);
        lua_rawgeti(lua, given, i);
        if (given_within(reading)) {
            struct str path = object_path(reading, fact->name);
            path = arena_printf(reading->call->arena, "%.*s[%lld]", STR_ARG(path), (long long)i);
            object_push_given(reading->host, fact->gives, -1, path);
            lua_rawseti(lua, given + 1, ++count);
        }
        lua_settop(lua, given + 1);
    }
}

static int read_given(struct reading *reading, const struct fact *fact) {
    lua_State *lua = reading->lua;
    lua_getiuservalue(lua, 1, 1);
    int type = freeze_field(lua, -1, fact->name);
    if (type == LUA_TNIL && fact->missing == DEFAULT_OBJECT) {
        lua_newtable(lua); /* there always is one; of this one the case says nothing */
        type = LUA_TTABLE;
    }
    if (fact->list && type == LUA_TTABLE)
        push_given_list(reading, fact, -1);
    else if (fact->gives != OBJECT_NONE && type == LUA_TTABLE)
        object_push_given(reading->host, fact->gives, -1, object_path(reading, fact->name));
    else if (fact->gives != OBJECT_NONE && type != LUA_TNIL)
        return luaL_error(lua, "given.%s: a table of facts is expected", fact->name);
    else if (type == LUA_TTABLE && fact->arguments)
        arguments_choose(reading, fact, -1);
    if (lua_isnil(lua, -1)) {
        lua_pop(lua, 1);
        push_missing(reading, fact);
    }
    return 1;
}

static void push_value(struct reading *reading, size_t index) {
    const struct fact *fact = &types[reading->object->kind]->facts[index];
    buf_reset(&reading->call->json);
    reading->call->n_reads++;
    if (reading->object->given)
        read_given(reading, fact);
    else
        read_real(reading, fact);
}

void object_read(struct reading *reading, size_t index, struct fact_value *ret_value) {
    push_value(reading, index);
    value_on_top(reading, ret_value);
    note(reading, &types[reading->object->kind]->facts[index], index, ret_value);
}

static void read_fact(struct reading *reading, size_t index) {
    struct fact_value value;
    if (reading->host->forgets && !reading->call->trace.on) {
        reading->call->unasked = true;
        push_value(reading, index);
        reading->call->unasked = false;
        return;
    }
    object_read(reading, index, &value);
    if (reading->call->trace.on)
        trace_note(reading, index, &value);
}

static struct policy_host *host_of(lua_State *lua) {
    return sandbox_of(lua)->owner;
}

/* The object that a fact is asked of. */
static struct object *object_asked(lua_State *lua, const struct policy_host *host) {
    struct object *object = lua_touserdata(lua, 1);
    if (!object)
        luaL_error(lua, "a fact is asked of an object, with a colon: volunteer:minutes{}");
    if (object->serial != host->call.serial || !host->call.asking)
        luaL_error(lua, "facts can only be read while decide runs");
    return object;
}

static size_t slot_of(const char *name) {
    return ((uintptr_t)name >> 4) % NAME_SLOTS;
}

static const struct name_slot *name_find(const struct name_slot *names, const char *name) {
    size_t i = slot_of(name);
    while (names[i].name && names[i].name != name)
        i = (i + 1) % NAME_SLOTS;
    return names[i].name ? &names[i] : NULL;
}

static int no_such_fact(lua_State *lua, const struct policy_host *host, enum object_kind kind) {
    const char *name = lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : "?";
    sandbox_charge(lua, NEAREST_STEPS);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, host->lookups[kind]);
    const char *nearest = nearest_key(lua, -1, name);
    return luaL_error(lua, "%s has no fact '%s'%s%s%s", types[kind]->name, name,
                      nearest ? ": did you mean '" : "", nearest ? nearest : "",
                      nearest ? "'?" : "");
}

/* volunteer.stars */
static int object_index(lua_State *lua) {
    struct policy_host *host = host_of(lua);
    struct object *object = object_asked(lua, host);
    const char *name = lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : NULL;
    const struct name_slot *slot = name ? name_find(host->names[object->kind], name) : NULL;
    if (!slot)
        return no_such_fact(lua, host, object->kind);
    if (slot->method != LUA_NOREF) {
        lua_rawgeti(lua, LUA_REGISTRYINDEX, slot->method);
        return 1;
    }
    struct reading reading = {.lua = lua, .host = host, .call = &host->call, .object = object};
    trace_begin(&host->call.trace);
    read_fact(&reading, slot->fact);
    return 1;
}

static int object_written(lua_State *lua) {
    return luaL_error(lua, "facts cannot be changed");
}

/* volunteer:minutes{...}; upvalues: kind, index of the fact */
static int object_method(lua_State *lua) {
    struct policy_host *host = host_of(lua);
    struct reading reading = {
        .lua = lua, .host = host, .call = &host->call, .object = object_asked(lua, host)};
    enum object_kind kind = (enum object_kind)lua_tointeger(lua, lua_upvalueindex(1));
    size_t index = (size_t)lua_tointeger(lua, lua_upvalueindex(2));
    if (reading.object->kind != kind)
        return luaL_error(lua, "'%s' is a fact of a %s", types[kind]->facts[index].name,
                          types[kind]->name);
    const struct fact *fact = &types[kind]->facts[index];
    trace_begin(&host->call.trace);
    arguments_read(lua, fact, &reading.arguments);
    reading.call->error = arguments_resolve(&reading, fact);
    if (reading.call->error)
        return luaL_error(lua, "the state cannot be read");
    if (fact->check)
        fact->check(&reading);
    read_fact(&reading, index);
    return 1;
}

/* ---- objects ---- */

/* The fact's name is on the top. */
static void name_add(struct policy_host *host, enum object_kind kind, size_t fact) {
    lua_State *lua = host->sandbox.lua;
    struct name_slot slot = {lua_tostring(lua, -1), (uint32_t)fact, LUA_NOREF};
    size_t i = slot_of(slot.name);
    if (types[kind]->facts[fact].method) {
        lua_pushinteger(lua, kind);
        lua_pushinteger(lua, (lua_Integer)fact);
        lua_pushcclosure(lua, object_method, 2);
        slot.method = luaL_ref(lua, LUA_REGISTRYINDEX);
    }
    while (host->names[kind][i].name)
        i = (i + 1) % NAME_SLOTS;
    host->names[kind][i] = slot;
}

/* The table keeps the names; "did you mean" reads it. */
static void push_lookup(struct policy_host *host, enum object_kind kind) {
    lua_State *lua = host->sandbox.lua;
    const struct object_type *type = types[kind];
    assert(2 * type->n_facts < NAME_SLOTS);
    memset(host->names[kind], 0, sizeof host->names[kind]);
    lua_createtable(lua, 0, (int)type->n_facts);
    for (size_t i = 0; i < type->n_facts; i++) {
        lua_pushstring(lua, type->facts[i].name);
        name_add(host, kind, i);
        lua_pushboolean(lua, 1);
        lua_rawset(lua, -3);
    }
}

static struct object *object_new(struct policy_host *host) {
    lua_State *lua = host->sandbox.lua;
    struct object *object = lua_newuserdatauv(lua, sizeof *object, 1);
    memset(object, 0, sizeof *object);
    object->place = UINT8_MAX;
    lua_rawgeti(lua, LUA_REGISTRYINDEX, host->object_metatable);
    lua_setmetatable(lua, -2);
    return object;
}

void object_init(struct policy_host *host) {
    lua_State *lua = host->sandbox.lua;
    for (int kind = OBJECT_NONE + 1; kind < OBJECT_KINDS; kind++) {
        push_lookup(host, (enum object_kind)kind);
        host->lookups[kind] = luaL_ref(lua, LUA_REGISTRYINDEX);
    }
    lua_newtable(lua);
    lua_pushcfunction(lua, object_index);
    lua_setfield(lua, -2, "__index");
    lua_pushcfunction(lua, object_written);
    lua_setfield(lua, -2, "__newindex");
    host->object_metatable = luaL_ref(lua, LUA_REGISTRYINDEX);
    lua_newtable(lua);
    freeze_face(lua);
    host->empty_list = luaL_ref(lua, LUA_REGISTRYINDEX);
    for (size_t i = 0; i < OBJECT_POOL; i++) {
        host->pool[i] = object_new(host);
        host->pool[i]->place = (uint8_t)i;
        host->pool_refs[i] = luaL_ref(lua, LUA_REGISTRYINDEX);
    }
}

/* Pushes an object that belongs to this call: one that is there already, one of the pool, or a
 * fresh one. */
static struct object *object_take(struct policy_host *host, enum object_kind kind,
                                  uint32_t number) {
    lua_State *lua = host->sandbox.lua;
    struct call *call = &host->call;
    for (uint32_t i = 0; number && i < call->n_objects; i++) {
        if (host->pool[i]->kind == kind && host->pool[i]->number == number) {
            lua_rawgeti(lua, LUA_REGISTRYINDEX, host->pool_refs[i]);
            return host->pool[i];
        }
    }
    struct object *object;
    if (call->n_objects < OBJECT_POOL) {
        lua_rawgeti(lua, LUA_REGISTRYINDEX, host->pool_refs[call->n_objects]);
        object = host->pool[call->n_objects++];
    } else {
        object = object_new(host);
    }
    object->serial = 0;
    return object;
}

static void object_set(struct object *object, const struct call *call, enum object_kind kind,
                       uint32_t number, struct str path) {
    object->kind = kind;
    object->number = number;
    object->serial = call->serial;
    object->given = false;
    object->loaded = false;
    object->noted = 0;
    object->path = path;
    object->attributes = NULL;
}

int object_push(struct policy_host *host, enum object_kind kind, uint32_t number, struct str path) {
    struct object *object = object_take(host, kind, number);
    if (object->serial != host->call.serial)
        object_set(object, &host->call, kind, number, path);
    return 0;
}

void object_push_given(struct policy_host *host, enum object_kind kind, int index,
                       struct str path) {
    lua_State *lua = host->sandbox.lua;
    index = lua_absindex(lua, index);
    struct object *object = object_take(host, kind, 0);
    object_set(object, &host->call, kind, 0, path);
    object->given = true;
    lua_pushvalue(lua, index);
    lua_setiuservalue(lua, -2, 1);
}

/* The path, the letter, the name; and of one that stands in a list, the bracket that closes. */
static struct str path_with(struct reading *reading, struct str path, char letter, struct str name,
                            size_t n_closing) {
    size_t size = path.size + 1 + name.size + n_closing;
    char *bytes = arena_bytes(reading->call->arena, size + 1);
    memcpy(bytes, path.data, path.size);
    bytes[path.size] = letter;
    memcpy(bytes + path.size + 1, name.data, name.size);
    if (n_closing)
        bytes[size - 1] = ']';
    bytes[size] = 0;
    return (struct str){bytes, size};
}

struct str object_path(struct reading *reading, const char *name) {
    struct str path = reading->object->path;
    if (!path.size)
        return str_from(name);
    /* Each object that is reached through another has a longer one. */
    sandbox_charge(reading->lua, 4 + path.size / 8);
    return path_with(reading, path, '.', str_from(name), 0);
}

struct str object_path_listed(struct reading *reading, struct str list, struct str id) {
    return path_with(reading, list, '[', id, 1);
}

int reading_object(struct reading *reading, enum object_kind kind, const char *name,
                   uint32_t number) {
    if (number == 0) {
        lua_pushnil(reading->lua);
        return 0;
    }
    return object_push(reading->host, kind, number, object_path(reading, name));
}

void object_note_listed(struct reading *reading, struct str path) {
    const struct object *object = lua_touserdata(reading->lua, -1);
    struct fact_value value = {FACT_SAME, 0, object->path};
    if (!reading->host->forgets && !str_equal(object->path, path))
        fact_log_add(&reading->call->log, STR_NONE, path, STR_NONE, &value, true);
}

void reading_is_steady(struct reading *reading) {
    const struct object *object = reading->object;
    reading->call->n_steady += object->path.size == 0 || object->kind == OBJECT_CONTEXT;
}

void reading_list_begin(struct reading *reading) {
    buf_put_byte(&reading->call->json, '[');
}

void reading_list_id(struct reading *reading, struct str id) {
    if (reading->call->unasked)
        return;
    buf_json_item(&reading->call->json);
    buf_json_string(&reading->call->json, id);
}

void reading_list_end(struct reading *reading) {
    buf_put_byte(&reading->call->json, ']');
}

int reading_objects(struct reading *reading, enum object_kind kind, const char *name,
                    const uint32_t *numbers, size_t n) {
    lua_State *lua = reading->lua;
    struct call *call = reading->call;
    enum noun noun = kind == OBJECT_REGION ? NOUN_REGION : NOUN_ORGANISATION;
    lua_createtable(lua, (int)n, 0);
    reading_list_begin(reading);
    for (size_t i = 0; i < n; i++) {
        struct str id, path = object_path(reading, name);
        int r = thing_id(call->view, noun, numbers[i], call->arena, &id);
        if (r != 0)
            return r;
        sandbox_charge(lua, OBJECT_STEPS);
        reading_list_id(reading, id);
        path = object_path_listed(reading, path, id);
        object_push(reading->host, kind, numbers[i], path);
        object_note_listed(reading, path);
        lua_rawseti(lua, -2, (lua_Integer)i + 1);
    }
    reading_list_end(reading);
    return 0;
}
