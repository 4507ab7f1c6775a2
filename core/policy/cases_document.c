#include "policy/cases_document.h"

#include <jansson.h>
#include <lauxlib.h>
#include <stdlib.h>

#include "policy/freeze.h"
#include "policy/value_json.h"

struct comparison {
    lua_State *lua;
    struct arena *arena;
    struct str wrong; /* so far */
};

static struct str text_at(lua_State *lua, int index) {
    struct str text = STR_NONE;
    if (lua_type(lua, index) == LUA_TSTRING)
        text.data = lua_tolstring(lua, index, &text.size);
    return text;
}

static void note(struct comparison *self, struct str wrong) {
    if (!self->wrong.size || str_compare(wrong, self->wrong) < 0)
        self->wrong = wrong;
}

/* Whether the expected value is what was answered. */
static bool value_is(lua_State *lua, int index, const json_t *got) {
    int top = lua_gettop(lua);
    bool same = true;
    switch (lua_type(lua, index)) {
    case LUA_TSTRING:
        return json_is_string(got) &&
               str_equal(text_at(lua, index), str_from(json_string_value(got)));
    case LUA_TNUMBER:
        if (json_is_integer(got))
            return lua_isinteger(lua, index) &&
                   lua_tointeger(lua, index) == json_integer_value(got);
        return json_is_real(got) && !(lua_tonumber(lua, index) < json_real_value(got)) &&
               !(lua_tonumber(lua, index) > json_real_value(got));
    case LUA_TBOOLEAN:
        return lua_toboolean(lua, index) ? json_is_true(got)
                                         : !got || json_is_false(got) || json_is_null(got);
    case LUA_TNIL:
        return !got || json_is_null(got);
    case LUA_TTABLE:
        if (!json_is_array(got) || !freeze_unwrap(lua, index))
            return false;
        for (size_t i = 0; same && i < json_array_size(got); i++) {
            lua_rawgeti(lua, top + 1, (lua_Integer)i + 1);
            same = value_is(lua, lua_gettop(lua), json_array_get(got, i));
            lua_settop(lua, top + 1);
        }
        same = same && lua_rawlen(lua, top + 1) <= json_array_size(got);
        lua_settop(lua, top);
        return same;
    default:
        return false;
    }
}

/* The expected value is on the top. */
static void compare(struct comparison *self, struct str place, const json_t *got) {
    struct buf wanted __attribute__((cleanup(buf_deinit))) = {0};
    if (value_is(self->lua, lua_gettop(self->lua), got))
        return;
    char *text = got ? json_dumps(got, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
    if (lua_type(self->lua, -1) == LUA_TNUMBER && !lua_isinteger(self->lua, -1))
        buf_printf(&wanted, "%.14g", lua_tonumber(self->lua, -1));
    else
        value_json(self->lua, -1, &wanted);
    note(self, arena_printf(self->arena, "%.*s: expected %.*s; the policy answered: %s",
                            STR_ARG(place), STR_ARG(buf_str(&wanted)), text ? text : "nothing"));
    free(text);
}

/* Walks the table on the top by its names: `each` has the value on the top. */
static void walk(struct comparison *self, struct str place,
                 void (*each)(struct comparison *self, struct str place, struct str name,
                              void *context),
                 void *context) {
    lua_State *lua = self->lua;
    int top = lua_gettop(lua);
    if (!lua_checkstack(lua, 16) || !freeze_unwrap(lua, -1)) {
        note(self, arena_printf(self->arena, "%.*s: a table is expected", STR_ARG(place)));
        return;
    }
    for (lua_pushnil(lua); lua_next(lua, top + 1); lua_settop(lua, top + 2)) {
        struct str name = text_at(lua, -2);
        if (name.data)
            each(self, place, name, context);
        else
            note(self,
                 arena_printf(self->arena, "%.*s: only names are expected here", STR_ARG(place)));
    }
    lua_settop(lua, top);
}

static struct str below(struct comparison *self, struct str place, struct str name) {
    return arena_printf(self->arena, "%.*s%s%.*s", STR_ARG(place), place.size ? "." : "",
                        STR_ARG(name));
}

/* ---- indicators ---- */

static void compare_member(struct comparison *self, struct str place, struct str name,
                           void *context) {
    json_t *object = context, *got = json_object_getn(object, name.data, name.size);
    struct str here = below(self, place, name);
    if (json_is_object(got) && lua_istable(self->lua, -1))
        walk(self, here, compare_member, got);
    else
        compare(self, here, got);
}

static json_t *find_by(const json_t *list, const char *member, struct str value) {
    size_t i;
    json_t *item;
    json_array_foreach((json_t *)(uintptr_t)list, i, item) {
        const char *text = json_string_value(json_object_get(item, member));
        if (text && str_equal(str_from(text), value))
            return item;
    }
    return NULL;
}

static void no_such(struct comparison *self, struct str place, struct str name, const json_t *list,
                    const char *member) {
    struct str all = STR_NONE;
    size_t i;
    json_t *item;
    json_array_foreach((json_t *)(uintptr_t)list, i, item) {
        const char *text = json_string_value(json_object_get(item, member));
        all = arena_printf(self->arena, "%.*s%s%s", STR_ARG(all), i ? ", " : "", text ? text : "?");
    }
    note(self, arena_printf(self->arena, "%.*s: there is no '%.*s'; there are: %.*s",
                            STR_ARG(place), STR_ARG(name), STR_ARG(all)));
}

static void compare_indicator(struct comparison *self, struct str place, struct str name,
                              void *context) {
    json_t *list = context, *indicator = find_by(list, "id", name);
    struct str here = below(self, place, name);
    if (!indicator)
        no_such(self, place, name, list, "id");
    else if (lua_istable(self->lua, -1))
        walk(self, here, compare_member, indicator);
    else
        compare(self, below(self, here, STR("state")), json_object_get(indicator, "state"));
}

/* ---- documents ---- */

struct row_context {
    const json_t *columns;
    json_t *row;
};

static void compare_cell(struct comparison *self, struct str place, struct str name,
                         void *context) {
    const struct row_context *row = context;
    size_t i;
    json_t *column;
    json_array_foreach((json_t *)(uintptr_t)row->columns, i, column) {
        const char *text = json_string_value(json_object_get(column, "name"));
        if (!text || !str_equal(str_from(text), name))
            continue;
        compare(self, below(self, place, name), json_array_get(row->row, i));
        return;
    }
    no_such(self, place, name, row->columns, "name");
}

static void compare_cells(struct comparison *self, struct str place, const json_t *columns,
                          json_t *row) {
    struct row_context context = {columns, row};
    walk(self, place, compare_cell, &context);
}

/* The first row that has this text in one of its cells. */
static json_t *find_row(const json_t *rows, struct str label) {
    size_t i, k;
    json_t *row, *cell;
    json_array_foreach((json_t *)(uintptr_t)rows, i, row) {
        json_array_foreach(row, k, cell) {
            const char *text = json_string_value(cell);
            if (text && str_equal(str_from(text), label))
                return row;
        }
    }
    return NULL;
}

static void compare_row(struct comparison *self, struct str place, struct str name, void *context) {
    json_t *section = context, *rows = json_object_get(section, "rows");
    const json_t *columns = json_object_get(section, "columns");
    struct str here = below(self, place, name);
    bool is_total = str_equal(name, STR("total"));
    json_t *row = is_total ? json_object_get(section, "total") : find_row(rows, name);
    if (str_equal(name, STR("rows")) && lua_isinteger(self->lua, -1)) {
        json_t *n = json_integer((json_int_t)json_array_size(rows));
        compare(self, here, n);
        json_decref(n);
    } else if (str_equal(name, STR("note"))) {
        compare(self, here, json_object_get(section, "note"));
    } else if (!row) {
        note(self, arena_printf(self->arena, "%.*s: there is no such row", STR_ARG(here)));
    } else {
        compare_cells(self, here, columns, row);
    }
}

static void compare_section(struct comparison *self, struct str place, struct str name,
                            void *context) {
    json_t *sections = context, *section = find_by(sections, "title", name);
    if (section)
        walk(self, below(self, place, name), compare_row, section);
    else
        no_such(self, place, name, sections, "title");
}

static void compare_point(struct comparison *self, struct str place, struct str name,
                          void *context) {
    json_t *points = context, *point = find_by(points, "label", name);
    if (point)
        compare(self, below(self, place, name), json_object_get(point, "value"));
    else
        no_such(self, place, name, points, "label");
}

static void compare_one_series(struct comparison *self, struct str place, struct str name,
                               void *context) {
    json_t *list = context, *series = find_by(list, "title", name);
    if (series)
        walk(self, below(self, place, name), compare_point, json_object_get(series, "points"));
    else
        no_such(self, place, name, list, "title");
}

static void compare_paragraph(struct comparison *self, struct str words, const json_t *paragraphs) {
    size_t i;
    json_t *item;
    json_array_foreach((json_t *)(uintptr_t)paragraphs, i, item) {
        const char *text = json_string_value(item);
        if (text && memmem(text, strlen(text), words.data, words.size))
            return;
    }
    char *all = paragraphs ? json_dumps(paragraphs, JSON_COMPACT) : NULL;
    note(self, arena_printf(self->arena, "text: '%.*s' stands in no paragraph of %s",
                            STR_ARG(words), all ? all : "none"));
    free(all);
}

/* ---- what cases.c calls ---- */

static json_t *parse(const struct answer *answer) {
    json_t *value =
        json_loadb(answer->json.data ? answer->json.data : "", answer->json.size, 0, NULL);
    return value ? value : json_object();
}

struct str case_indicators(lua_State *lua, struct arena *arena, const struct answer *answer) {
    struct comparison comparison = {lua, arena, STR_NONE};
    json_t *indicators = parse(answer);
    walk(&comparison, STR_NONE, compare_indicator, indicators);
    json_decref(indicators);
    return comparison.wrong;
}

struct str case_title(lua_State *lua, struct arena *arena, const struct answer *answer) {
    struct comparison comparison = {lua, arena, STR_NONE};
    json_t *document = parse(answer);
    compare(&comparison, STR("title"), json_object_get(document, "title"));
    json_decref(document);
    return comparison.wrong;
}

struct str case_sections(lua_State *lua, struct arena *arena, const struct answer *answer) {
    struct comparison comparison = {lua, arena, STR_NONE};
    json_t *document = parse(answer);
    walk(&comparison, STR_NONE, compare_section, json_object_get(document, "sections"));
    json_decref(document);
    return comparison.wrong;
}

struct str case_series(lua_State *lua, struct arena *arena, const struct answer *answer) {
    struct comparison comparison = {lua, arena, STR_NONE};
    json_t *document = parse(answer);
    walk(&comparison, STR_NONE, compare_one_series, json_object_get(document, "series"));
    json_decref(document);
    return comparison.wrong;
}

struct str case_paragraphs(lua_State *lua, struct arena *arena, const struct answer *answer) {
    struct comparison comparison = {lua, arena, STR_NONE};
    json_t *document = parse(answer);
    const json_t *paragraphs = json_object_get(document, "text");
    int top = lua_gettop(lua);
    size_t n = freeze_unwrap(lua, -1) ? lua_rawlen(lua, -1) : 0;
    if (n == 0)
        comparison.wrong = STR("text: a list of texts is expected");
    for (size_t i = 1; i <= n; i++) {
        lua_rawgeti(lua, top + 1, (lua_Integer)i);
        struct str words = text_at(lua, -1);
        if (words.data)
            compare_paragraph(&comparison, words, paragraphs);
        lua_settop(lua, top + 1);
    }
    lua_settop(lua, top);
    json_decref(document);
    return comparison.wrong;
}
