#include "policy/check_parameters.h"

#include <math.h>
#include <stdio.h>

#include "policy/bands.h"
#include "policy/complaints.h"
#include "policy/freeze.h"

/* ---- what kind of value ---- */

enum shape_of_value {
    VALUE_ABSENT,
    VALUE_NUMBER,
    VALUE_TEXT,
    VALUE_BOOLEAN,
    VALUE_EMPTY, /* a table: of either kind */
    VALUE_NUMBERS,
    VALUE_TEXTS,
    VALUE_TABLES,
    VALUE_TABLE
};

static const char *const value_words[] = {
    "nothing",           "a number",        "a text",           "true or false",  "an empty table",
    "a list of numbers", "a list of texts", "a list of tables", "a table by name"};

/* Of the value on the top. */
static enum shape_of_value value_shape(lua_State *lua) {
    int top = lua_gettop(lua);
    size_t n;
    switch (lua_type(lua, top)) {
    case LUA_TNUMBER:
        return VALUE_NUMBER;
    case LUA_TSTRING:
        return VALUE_TEXT;
    case LUA_TBOOLEAN:
        return VALUE_BOOLEAN;
    default:
        break;
    }
    if (!freeze_unwrap(lua, top))
        return VALUE_ABSENT;
    bool list = freeze_list(lua, -1, &n);
    enum shape_of_value shape = VALUE_TABLE;
    if (list && n == 0)
        shape = VALUE_EMPTY;
    else if (list) {
        int type = lua_rawgeti(lua, top + 1, 1);
        shape = type == LUA_TNUMBER   ? VALUE_NUMBERS
                : type == LUA_TSTRING ? VALUE_TEXTS
                                      : VALUE_TABLES;
    }
    lua_settop(lua, top);
    return shape;
}

static bool shapes_agree(enum shape_of_value a, enum shape_of_value b) {
    if (a == VALUE_EMPTY || b == VALUE_EMPTY)
        return (a == VALUE_EMPTY ? b : a) >= VALUE_EMPTY;
    return a == b;
}

/* ---- one parameter of one set ---- */

static uint32_t line_in_set(const struct parameter_check *check, const char *day,
                            const char *name) {
    uint32_t line = complaint_line_of(check->text, day), at = 1;
    struct str rest = check->text;
    for (; at < line && rest.size; rest.data++, rest.size--)
        at += *rest.data == '\n';
    uint32_t within = complaint_line_of(rest, name);
    return within ? line + within - (line ? 1 : 0) : line;
}

struct value_place {
    const struct parameter_check *check;
    const char *name;
    char day[16];
    int description; /* stack place of the table in `describe`; 0: there is none */
};

static void complain(const struct value_place *place, enum severity severity, const char *code,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));
static void complain(const struct value_place *place, enum severity severity, const char *code,
                     const char *format, ...) {
    char what[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    complaint_add(place->check->complaints, severity,
                  line_in_set(place->check, place->day, place->name), code,
                  "parameters of %s: %s: %s", place->day, place->name, what);
}

static bool is_described(const struct value_place *place, const char *name, const char *word) {
    lua_State *lua = place->check->host->sandbox.lua;
    int top = lua_gettop(lua);
    bool is = place->description && freeze_field(lua, place->description, name) == LUA_TSTRING &&
              strcmp(lua_tostring(lua, -1), word) == 0;
    lua_settop(lua, top);
    return is;
}

static bool is_flagged(const struct value_place *place, const char *name) {
    lua_State *lua = place->check->host->sandbox.lua;
    int top = lua_gettop(lua);
    bool is = place->description && freeze_field(lua, place->description, name) == LUA_TBOOLEAN &&
              lua_toboolean(lua, -1);
    lua_settop(lua, top);
    return is;
}

static void check_range(const struct value_place *place, double value, size_t element) {
    lua_State *lua = place->check->host->sandbox.lua;
    int top = lua_gettop(lua);
    if (freeze_field(lua, place->description, "range") == LUA_TTABLE && freeze_unwrap(lua, -1)) {
        double least =
            lua_rawgeti(lua, top + 2, 1) == LUA_TNUMBER ? lua_tonumber(lua, -1) : -HUGE_VAL;
        double most =
            lua_rawgeti(lua, top + 2, 2) == LUA_TNUMBER ? lua_tonumber(lua, -1) : HUGE_VAL;
        char at[32] = "";
        if (element)
            snprintf(at, sizeof at, "[%zu] ", element);
        if (!(value >= least && value <= most))
            complain(place, SEVERITY_ERROR, "parameter_out_of_range",
                     "%s%.14g is outside the range of its description, %.14g to %.14g", at, value,
                     least, most);
    }
    lua_settop(lua, top);
}

/* The list at the top has one element for each title. */
static void check_items(const struct value_place *place, size_t n) {
    lua_State *lua = place->check->host->sandbox.lua;
    int top = lua_gettop(lua);
    if (freeze_field(lua, place->description, "items") == LUA_TTABLE && freeze_unwrap(lua, -1)) {
        size_t n_titles = lua_rawlen(lua, -1);
        if (n_titles != n)
            complain(place, SEVERITY_ERROR, "parameter_items",
                     "%zu values stand here, but its description has %zu titles for them", n,
                     n_titles);
    }
    lua_settop(lua, top);
}

/* Names that say by themselves that their numbers are compared in order. */
static bool sounds_like_thresholds(const char *name) {
    static const char *const words[] = {"hours", "minutes", "points", "thresholds", "levels"};
    size_t size = strlen(name);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i]);
        if (size >= n && strcmp(name + size - n, words[i]) == 0 &&
            (size == n || name[size - n - 1] == '_'))
            return true;
    }
    return false;
}

static void check_numbers(const struct value_place *place, size_t n) {
    lua_State *lua = place->check->host->sandbox.lua;
    int list = lua_gettop(lua);
    bool declared = is_flagged(place, "ascending") || is_described(place, "kind", "thresholds");
    size_t rises = 0, falls = 0, wrong = 0;
    double before = 0, first_wrong[2] = {0, 0};
    for (size_t i = 1; i <= n; i++) {
        bool number = lua_rawgeti(lua, list, (lua_Integer)i) == LUA_TNUMBER;
        double value = lua_tonumber(lua, -1);
        lua_pop(lua, 1);
        if (!number) {
            complain(place, SEVERITY_ERROR, "parameter_type", "[%zu] is no number as [1] is", i);
            return;
        }
        if (place->description)
            check_range(place, value, i);
        rises += i > 1 && value > before;
        falls += i > 1 && value < before;
        if (i > 1 && value <= before && !wrong) {
            wrong = i;
            first_wrong[0] = before;
            first_wrong[1] = value;
        }
        before = value;
    }
    bool in_order = rises == n - 1 || (!declared && falls == n - 1);
    if (n > 1 && !in_order && (declared || sounds_like_thresholds(place->name)))
        complain(place, declared ? SEVERITY_ERROR : SEVERITY_WARNING, "not_ascending",
                 "[%zu] is %.14g and [%zu] %.14g: each threshold has to be higher than the one "
                 "before it",
                 wrong - 1, first_wrong[0], wrong, first_wrong[1]);
}

static void check_tables(const struct value_place *place, size_t n) {
    lua_State *lua = place->check->host->sandbox.lua;
    bool declared = is_described(place, "kind", "bands");
    char wrong[200];
    const char *code = bands_judge(lua, lua_gettop(lua), n, declared, wrong, sizeof wrong);
    if (code)
        complain(place, declared ? SEVERITY_ERROR : SEVERITY_WARNING, code, "%s", wrong);
}

/* The value is on the top. */
static void check_value(const struct value_place *place) {
    lua_State *lua = place->check->host->sandbox.lua;
    int top = lua_gettop(lua);
    enum shape_of_value shape = value_shape(lua);
    if (shape == VALUE_NUMBER && place->description)
        check_range(place, lua_tonumber(lua, top), 0);
    if (shape < VALUE_EMPTY || shape == VALUE_TABLE || !freeze_unwrap(lua, top))
        return;
    size_t n = lua_rawlen(lua, -1);
    if (place->description)
        check_items(place, n);
    if (shape == VALUE_NUMBERS)
        check_numbers(place, n);
    else if (shape == VALUE_TABLES)
        check_tables(place, n);
    lua_settop(lua, top);
}

/* ---- all sets ---- */

struct earlier {
    enum shape_of_value shape;
    char day[16];
    bool gone; /* was said */
};

static void compare_sets(struct value_place *place, enum shape_of_value shape,
                         struct earlier *earlier) {
    if (earlier->shape != VALUE_ABSENT && shape == VALUE_ABSENT && !earlier->gone) {
        complaint_add(place->check->complaints, SEVERITY_WARNING,
                      complaint_line_of(place->check->text, place->day), "parameter_missing",
                      "parameters of %s: %s is missing; a set stands for itself, so what the set "
                      "of %s says of it ends on this day",
                      place->day, place->name, earlier->day);
        earlier->gone = true;
        return;
    }
    if (shape == VALUE_ABSENT)
        return;
    if (earlier->shape != VALUE_ABSENT && !shapes_agree(shape, earlier->shape))
        complain(place, SEVERITY_ERROR, "parameter_type", "it is %s, but %s in the set of %s",
                 value_words[shape], value_words[earlier->shape], earlier->day);
    if (earlier->shape == VALUE_ABSENT || earlier->shape == VALUE_EMPTY)
        earlier->shape = shape;
    memcpy(earlier->day, place->day, sizeof earlier->day);
    earlier->gone = false;
}

static void check_parameter(const struct parameter_check *check, const char *name) {
    lua_State *lua = check->host->sandbox.lua;
    int top = lua_gettop(lua);
    struct value_place place = {.check = check, .name = name};
    struct earlier earlier = {.shape = VALUE_ABSENT};
    check_push_field(check, "describe");
    if (freeze_field(lua, top + 1, name) == LUA_TTABLE)
        place.description = top + 2;
    for (size_t i = 0; i < check->program->n_sets; i++) {
        date_format(check->program->sets[i].from, place.day);
        check_push_set(check, i);
        freeze_field(lua, -1, name);
        compare_sets(&place, value_shape(lua), &earlier);
        check_value(&place);
        lua_settop(lua, top + 2);
    }
    lua_settop(lua, top);
}

void check_parameters(const struct parameter_check *check) {
    struct parameter_names names;
    check_names_of(check, &names);
    for (size_t i = 0; i < names.n; i++)
        check_parameter(check, names.list[i].name);
}
