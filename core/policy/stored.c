#include "policy/stored.h"

#include <stdlib.h>

#include "policy/arguments.h"
#include "policy/call.h"
#include "util/dom.h"
#include "util/error.h"
#include "util/memory.h"

/* A list is at most FACTS_LIMIT long. */
#define STORED_MOST (FACTS_LIMIT / FACT_LEAST_BYTES)
#define PATHS_MOST 4096

struct stored_fact {
    struct str name; /* with the path before it */
    struct str arguments;
    struct fact_value value;
};

struct stored_facts {
    struct arena *arena;
    struct dom_parser *parser;
    struct str missing;
    size_t n;
    struct stored_fact list[STORED_MOST];
    uint32_t n_paths;
    struct str paths[PATHS_MOST]; /* an object's number is its place, from 1 */
};

static bool read_value(struct cursor *in, struct fact_value *ret_value) {
    ret_value->kind = (enum fact_kind)cursor_byte(in);
    switch (ret_value->kind) {
    case FACT_INTEGER:
        ret_value->integer = cursor_signed(in);
        break;
    case FACT_BOOLEAN:
        ret_value->integer = cursor_byte(in);
        break;
    case FACT_TEXT:
    case FACT_JSON:
    case FACT_SAME:
        ret_value->text = cursor_counted(in);
        break;
    case FACT_NONE:
        break;
    default:
        return false;
    }
    return !in->failed;
}

int stored_facts_open(struct str facts, struct arena *arena, struct stored_facts **ret_facts) {
    struct cursor in = cursor_from(facts);
    if (facts.size && cursor_byte(&in) != FACTS_LIST)
        return 1;
    struct stored_facts *stored = memory_checked(calloc(1, sizeof *stored));
    stored->arena = arena;
    stored->parser = dom_parser_new();
    bool good = true;
    while (good && cursor_left(&in) && stored->n < STORED_MOST) {
        struct stored_fact *fact = &stored->list[stored->n++];
        fact->name = cursor_counted(&in);
        fact->arguments = cursor_counted(&in);
        good = !in.failed && read_value(&in, &fact->value);
    }
    *ret_facts = stored;
    if (good && cursor_left(&in) == 0)
        return 0;
    stored_facts_close(stored);
    return 1;
}

void stored_facts_close(struct stored_facts *facts) {
    if (!facts)
        return;
    dom_parser_free(facts->parser);
    free(facts);
}

struct str stored_facts_missing(const struct stored_facts *facts) {
    return facts->missing;
}

/* Of several with one name and arguments the first: they have one value. */
static const struct stored_fact *find(const struct stored_facts *facts, struct str name,
                                      struct str arguments) {
    for (size_t i = 0; i < facts->n; i++)
        if (str_equal(facts->list[i].name, name) && str_equal(facts->list[i].arguments, arguments))
            return &facts->list[i];
    return NULL;
}

/* ---- objects ---- */

/* 0 where a policy reaches ever new ones. */
static uint32_t path_number(struct stored_facts *facts, struct str path) {
    for (uint32_t i = 0; i < facts->n_paths; i++)
        if (str_equal(facts->paths[i], path))
            return i + 1;
    if (facts->n_paths == PATHS_MOST)
        return 0;
    facts->paths[facts->n_paths++] = path;
    return facts->n_paths;
}

int stored_object_push(struct policy_host *host, enum object_kind kind, struct str path) {
    struct stored_facts *facts = host->call.stored;
    const struct stored_fact *same = path.size ? find(facts, path, STR_NONE) : NULL;
    if (same && same->value.kind == FACT_SAME)
        path = same->value.text;
    uint32_t number = path_number(facts, path);
    if (number == 0)
        return sandbox_abort(host->sandbox.lua, "more objects are reached than were ever stored");
    return object_push(host, kind, number, path);
}

/* ---- values ---- */

static void push_value(lua_State *lua, struct dom_value value);

static void push_table(lua_State *lua, struct dom_value value) {
    struct dom_value item;
    struct str name;
    lua_Integer n = 0;
    luaL_checkstack(lua, 4, "a stored fact is nested too deeply");
    lua_newtable(lua);
    if (dom_type(value) == DOM_ARRAY) {
        for (struct dom_iterator it = dom_items(value); dom_next_item(&it, &item);) {
            push_value(lua, item);
            lua_rawseti(lua, -2, ++n);
        }
        return;
    }
    for (struct dom_iterator it = dom_members(value); dom_next_member(&it, &name, &item);) {
        lua_pushlstring(lua, name.data, name.size);
        push_value(lua, item);
        lua_rawset(lua, -3);
    }
}

static void push_value(lua_State *lua, struct dom_value value) {
    switch (dom_type(value)) {
    case DOM_ARRAY:
    case DOM_OBJECT:
        push_table(lua, value);
        return;
    case DOM_INTEGER:
        lua_pushinteger(lua, dom_integer(value));
        return;
    case DOM_BOOLEAN:
        lua_pushboolean(lua, dom_boolean(value));
        return;
    case DOM_STRING: {
        struct str text = dom_string(value);
        lua_pushlstring(lua, text.data, text.size);
        return;
    }
    default:
        lua_pushnil(lua);
    }
}

static int damaged(struct reading *reading) {
    return sandbox_abort(reading->lua, "a stored fact cannot be read");
}

/* ["id", ...]: the objects of that list, each at its own path. */
static int push_objects(struct reading *reading, const struct fact *fact, struct dom_value list) {
    struct arena *arena = reading->call->arena;
    struct str path = object_path(reading, fact->name);
    struct dom_value item;
    lua_Integer n = 0;
    lua_newtable(reading->lua);
    for (struct dom_iterator it = dom_items(list); dom_next_item(&it, &item);) {
        if (dom_type(item) != DOM_STRING)
            return damaged(reading);
        struct str place =
            arena_printf(arena, "%.*s[%.*s]", STR_ARG(path), STR_ARG(dom_string(item)));
        stored_object_push(reading->host, fact->gives, place);
        object_note_listed(reading, place);
        lua_rawseti(reading->lua, -2, ++n);
    }
    return 0;
}

/* The text goes into the log as it stands. */
static int push_json(struct reading *reading, const struct fact *fact, struct str text) {
    struct dom_value value;
    const char *message;
    size_t offset;
    if (dom_parse(reading->call->stored->parser, text, &value, &message, &offset) != 0)
        return damaged(reading);
    buf_put_str(&reading->call->json, text);
    if (!fact->list) {
        push_value(reading->lua, value);
        return 0;
    }
    return dom_type(value) == DOM_ARRAY ? push_objects(reading, fact, value) : damaged(reading);
}

static int push_stored(struct reading *reading, const struct fact *fact,
                       const struct fact_value *value) {
    switch (value->kind) {
    case FACT_INTEGER:
        return push_integer(reading, value->integer);
    case FACT_BOOLEAN:
        return push_boolean(reading, value->integer != 0);
    case FACT_TEXT:
        return push_text(reading, value->text);
    case FACT_JSON:
        return push_json(reading, fact, value->text);
    case FACT_SAME:
    case FACT_NONE:
        break;
    }
    lua_pushnil(reading->lua);
    return 0;
}

static int not_there(struct reading *reading, struct str name, struct str arguments) {
    struct stored_facts *facts = reading->call->stored;
    if (!facts->missing.size)
        facts->missing = arguments.size ? arena_printf(facts->arena, "%.*s(%.*s)", STR_ARG(name),
                                                       STR_ARG(arguments))
                                        : arena_copy(facts->arena, name);
    return sandbox_abort(reading->lua, "a fact is read that was not read then");
}

int stored_fact_read(struct reading *reading, const struct fact *fact) {
    struct str arguments = STR_NONE, name = object_path(reading, fact->name);
    char text[ARGUMENTS_TEXT_BYTES];
    if (reading->arguments.given)
        arguments = arguments_text(&reading->arguments, text);
    const struct stored_fact *stored = find(reading->call->stored, name, arguments);
    bool is_object = fact->gives != OBJECT_NONE && !fact->list;
    if (is_object && (!stored || stored->value.kind == FACT_SAME))
        return stored_object_push(reading->host, fact->gives, name);
    if (!stored)
        return not_there(reading, name, arguments);
    return push_stored(reading, fact, &stored->value);
}
