#include "policy/shape.h"

#include <stdio.h>

#include "domain/policy_runs.h"
#include "event/event.h"
#include "policy/cases.h"
#include "policy/complaints.h"
#include "policy/freeze.h"
#include "policy/result.h"
#include "policy/words.h"

struct shape_row {
    const char *name;
    void (*check)(struct shape *shape, const char *name); /* the value, not nil, is on the top */
    const char *missing; /* NULL: may be left out, or `check` says so itself */
    bool always;         /* checked where it is nil, too */
};

static void complain(struct shape *shape, const char *name, const char *what) {
    complaint_add(shape->complaints, SEVERITY_ERROR, complaint_line_of(shape->text, name), "shape",
                  "%s: %s", name, what);
}

static struct str text_at(lua_State *lua, int index) {
    struct str text = STR_NONE;
    if (lua_type(lua, index) == LUA_TSTRING)
        text.data = lua_tolstring(lua, index, &text.size);
    return text;
}

static void set_text(struct shape *shape, const char *name, struct str text) {
    json_object_set_new(shape->verdict, name, json_stringn(text.data, text.size));
}

static void check_name(struct shape *shape, const char *name) {
    struct str text = text_at(shape->lua, -1);
    if (!text.data || !identifier_is_valid(text))
        complain(shape, name, "1 to 64 letters, digits, - _ . : / are expected");
    else
        set_text(shape, "policy", text);
}

/* A bulletin is asked for by its kind: under another name nobody would ever ask it. */
static void check_bulletin_name(struct shape *shape) {
    const char *policy = json_string_value(json_object_get(shape->verdict, "policy"));
    char names[BULLETIN_KIND_COUNT][32];
    const char *candidates[BULLETIN_KIND_COUNT];
    for (size_t i = 0; i < BULLETIN_KIND_COUNT; i++) {
        snprintf(names[i], sizeof names[i], "bulletin_%s", BULLETIN_KIND_choices.words[i]);
        candidates[i] = names[i];
        if (policy && strcmp(policy, names[i]) == 0)
            return;
    }
    const char *nearest =
        policy ? str_nearest(str_from(policy), candidates, BULLETIN_KIND_COUNT) : NULL;
    complaint_add(shape->complaints, SEVERITY_ERROR, complaint_line_of(shape->text, "name"),
                  "shape",
                  "name: a bulletin is named after its kind: bulletin_registration, _activity, "
                  "_station, _campaign, _assessment or _funds%s%s",
                  nearest ? "; did you mean " : "", nearest ? nearest : "");
}

static void check_kind(struct shape *shape, const char *name) {
    struct str text = text_at(shape->lua, -1);
    for (size_t i = 0; text.data && i < POLICY_KIND_choices.n; i++) {
        if (!str_equal(text, str_from(POLICY_KIND_choices.words[i])))
            continue;
        set_text(shape, "kind", text);
        if (i == POLICY_KIND_BULLETIN)
            check_bulletin_name(shape);
        if (!policy_kind((enum POLICY_KIND_choice)i))
            complain(shape, name, "policies of this kind are not asked by this version");
        return;
    }
    const char *nearest =
        text.data ? str_nearest(text, POLICY_KIND_choices.words, POLICY_KIND_choices.n) : NULL;
    char kinds[KINDS_TEXT_BYTES];
    complaint_add(shape->complaints, SEVERITY_ERROR, complaint_line_of(shape->text, name), "shape",
                  "kind: %s is expected%s%s", policy_kinds_text(kinds),
                  nearest ? "; did you mean " : "", nearest ? nearest : "");
}

static void check_title(struct shape *shape, const char *name) {
    struct str text = text_at(shape->lua, -1);
    if (!text.size || text.size > 256)
        complain(shape, name, "a text of at most 256 bytes is expected");
    else
        set_text(shape, "title", text);
}

static void check_text(struct shape *shape, const char *name) {
    if (!text_at(shape->lua, -1).size)
        complain(shape, name, "a text is expected");
}

static void check_scope(struct shape *shape, const char *name) {
    struct str text = text_at(shape->lua, -1);
    if (!text.data || !identifier_is_valid(text))
        complain(shape, name, "a region's code such as \"620502000000\" is expected");
    else
        set_text(shape, "scope", text);
}

static void check_cases_on(struct shape *shape, const char *name) {
    int32_t date;
    if (date_parse(text_at(shape->lua, -1), &date) != 0)
        complain(shape, name, "a day such as \"2018-08-23\" is expected");
}

static void check_based_on(struct shape *shape, const char *name) {
    struct str text = text_at(shape->lua, -1);
    if (lua_isinteger(shape->lua, -1))
        json_object_set_new(shape->verdict, name, json_integer(lua_tointeger(shape->lua, -1)));
    else if (text.size)
        set_text(shape, "based_on", text);
    else
        complain(shape, name, "a revision such as \"star_rating:3\" is expected");
}

static bool has_library(const struct shape *shape, struct str name) {
    for (size_t i = 0; i < shape->n_libraries; i++)
        if (str_equal(shape->libraries[i].name, name))
            return true;
    return false;
}

static void check_uses(struct shape *shape, const char *name) {
    lua_State *lua = shape->lua;
    if (!freeze_unwrap(lua, -1)) {
        complain(shape, name, "a list of library names is expected");
        return;
    }
    json_t *uses = json_object_get(shape->verdict, "uses");
    size_t n = lua_rawlen(lua, -1);
    for (size_t i = 1; i <= n; i++) {
        lua_rawgeti(lua, -1, (lua_Integer)i);
        struct str library = text_at(lua, -1);
        if (library.data)
            json_array_append_new(uses, json_stringn(library.data, library.size));
        if (!library.data || !has_library(shape, library))
            complaint_add(shape->complaints, SEVERITY_ERROR, complaint_line_of(shape->text, name),
                          "library_missing", "uses: there is no library file '%.*s'",
                          (int)library.size, library.data ? library.data : "");
        lua_pop(lua, 1);
    }
    lua_pop(lua, 1);
}

/* Whether its kind may have a schedule; what is wrong with the kind is said elsewhere. */
static bool may_be_scheduled(const struct shape *shape) {
    const char *kind = json_string_value(json_object_get(shape->verdict, "kind"));
    for (size_t i = 0; kind && i < POLICY_KIND_COUNT; i++)
        if (strcmp(kind, POLICY_KIND_choices.words[i]) == 0)
            return policy_kind_may_be_scheduled((enum POLICY_KIND_choice)i);
    return true;
}

static void check_schedule(struct shape *shape, const char *name) {
    static const char wrong[] =
        "\"daily\", { monthly = 1 to 28 } or { yearly = \"04-30\" } is expected";
    lua_State *lua = shape->lua;
    int top = lua_gettop(lua);
    int32_t date;
    if (!may_be_scheduled(shape)) {
        complain(shape, name,
                 "policies of this kind are asked when something happens; leave the schedule out");
        return;
    }
    if (str_equal(text_at(lua, -1), STR("daily"))) {
        set_text(shape, name, STR("daily"));
        return;
    }
    char text[32] = "";
    bool monthly = freeze_field(lua, top, "monthly") == LUA_TNUMBER && lua_isinteger(lua, -1) &&
                   lua_tointeger(lua, -1) >= 1 && lua_tointeger(lua, -1) <= 28;
    if (monthly)
        snprintf(text, sizeof text, "monthly:%d", (int)lua_tointeger(lua, -1));
    bool yearly = freeze_field(lua, top, "yearly") == LUA_TSTRING;
    if (yearly) { /* by a year with 29 February, which falls on the 28th where there is none */
        snprintf(text, sizeof text, "2016-%.10s", lua_tostring(lua, -1));
        yearly = date_parse(str_from(text), &date) == 0;
        snprintf(text, sizeof text, "yearly:%.5s", lua_tostring(lua, -1));
    }
    lua_settop(lua, top);
    if (monthly == yearly)
        complain(shape, name, wrong);
    else
        set_text(shape, name, str_from(text));
}

static void check_texts(struct shape *shape, const char *name) {
    lua_State *lua = shape->lua;
    bool sound = freeze_unwrap(lua, -1);
    if (sound) {
        for (lua_pushnil(lua); lua_next(lua, -2); lua_pop(lua, 1))
            sound &= lua_type(lua, -2) == LUA_TSTRING && text_at(lua, -1).size &&
                     words_are_sound(text_at(lua, -1));
        lua_pop(lua, 1);
    }
    if (!sound)
        complain(shape, name,
                 "a text for each finding's code is expected, with at most two of %d and %s: the "
                 "first stands for the value, the second for what is needed; %1$d and %2$s name "
                 "them in any order");
}

/* ---- describe ---- */

static bool is_text_or_nil(lua_State *lua) {
    return lua_isnil(lua, -1) || text_at(lua, -1).size > 0;
}

static bool is_title(lua_State *lua) {
    return text_at(lua, -1).size > 0;
}

/* { least, most } */
static bool is_range(lua_State *lua) {
    int top = lua_gettop(lua);
    if (lua_isnil(lua, top))
        return true;
    bool sound = freeze_unwrap(lua, top) && lua_rawgeti(lua, top + 1, 1) == LUA_TNUMBER &&
                 lua_rawgeti(lua, top + 1, 2) == LUA_TNUMBER &&
                 lua_compare(lua, top + 2, top + 3, LUA_OPLE);
    lua_settop(lua, top);
    return sound;
}

static bool is_items(lua_State *lua) {
    int top = lua_gettop(lua);
    size_t n = 0;
    if (lua_isnil(lua, top))
        return true;
    bool sound = freeze_unwrap(lua, top) && freeze_list(lua, top + 1, &n) && n > 0;
    for (size_t i = 1; sound && i <= n; i++) {
        lua_rawgeti(lua, top + 1, (lua_Integer)i);
        sound = is_title(lua);
        lua_pop(lua, 1);
    }
    lua_settop(lua, top);
    return sound;
}

static bool is_parameter_kind(lua_State *lua) {
    struct str word = text_at(lua, -1);
    return lua_isnil(lua, -1) || str_equal(word, STR("thresholds")) ||
           str_equal(word, STR("bands"));
}

static bool is_flag(lua_State *lua) {
    return lua_isnil(lua, -1) || lua_isboolean(lua, -1);
}

static const struct {
    const char *name;
    bool (*is_sound)(lua_State *lua); /* the value, or nil, is on the top */
    const char *expected;
} description_rows[] = {
    {"title", is_title, "a text for those who read it"},
    {"unit", is_text_or_nil, "a text such as \"小时\""},
    {"range", is_range, "{ least, most }"},
    {"items", is_items, "a list with a title for each element"},
    {"kind", is_parameter_kind, "\"thresholds\" or \"bands\""},
    {"ascending", is_flag, "true or false"},
};
#define N_DESCRIPTION_ROWS (sizeof description_rows / sizeof *description_rows)

static void complain_description(struct shape *shape, const char *parameter, const char *name,
                                 const char *what) {
    uint32_t line = complaint_line_of(shape->text, "describe");
    complaint_add(shape->complaints, SEVERITY_ERROR, line, "shape", "describe: %s.%s: %s",
                  parameter, name, what);
}

static void check_unknown_description(struct shape *shape, const char *parameter, int table) {
    lua_State *lua = shape->lua;
    const char *names[N_DESCRIPTION_ROWS];
    for (size_t i = 0; i < N_DESCRIPTION_ROWS; i++)
        names[i] = description_rows[i].name;
    for (lua_pushnil(lua); lua_next(lua, table); lua_pop(lua, 1)) {
        const char *name = lua_type(lua, -2) == LUA_TSTRING ? lua_tostring(lua, -2) : "[number]";
        bool known = false;
        for (size_t i = 0; i < N_DESCRIPTION_ROWS; i++)
            known |= strcmp(names[i], name) == 0;
        const char *nearest = known ? NULL : str_nearest(str_from(name), names, N_DESCRIPTION_ROWS);
        if (!known)
            complaint_add(shape->complaints, SEVERITY_ERROR,
                          complaint_line_of(shape->text, "describe"), "unknown_field",
                          "describe: %s has no field '%s'%s%s", parameter, name,
                          nearest ? "; did you mean " : "", nearest ? nearest : "");
    }
}

/* Of one parameter: its table is on the top. */
static void check_description(struct shape *shape, const char *parameter) {
    lua_State *lua = shape->lua;
    int top = lua_gettop(lua);
    if (!freeze_unwrap(lua, top)) {
        complain_description(shape, parameter, "title", "{ title = \"...\" } is expected");
        return;
    }
    check_unknown_description(shape, parameter, top + 1);
    for (size_t i = 0; i < N_DESCRIPTION_ROWS; i++) {
        freeze_field(lua, top, description_rows[i].name);
        if (!description_rows[i].is_sound(lua))
            complain_description(shape, parameter, description_rows[i].name,
                                 description_rows[i].expected);
        lua_settop(lua, top + 1);
    }
    lua_settop(lua, top);
}

static void check_describe(struct shape *shape, const char *name) {
    lua_State *lua = shape->lua;
    int top = lua_gettop(lua);
    if (!freeze_unwrap(lua, top)) {
        complain(shape, name, "{ PARAMETER = { title = \"...\", unit = \"...\" } } is expected");
        return;
    }
    for (lua_pushnil(lua); lua_next(lua, top + 1); lua_pop(lua, 1))
        check_description(shape,
                          lua_type(lua, -2) == LUA_TSTRING ? lua_tostring(lua, -2) : "[number]");
    lua_settop(lua, top);
}

static void check_table(struct shape *shape, const char *name) {
    if (!lua_istable(shape->lua, -1))
        complain(shape, name, "a table is expected");
}

static void check_function(struct shape *shape, const char *name) {
    if (!lua_isfunction(shape->lua, -1))
        complain(shape, name, "a function is expected");
}

static void check_cases(struct shape *shape, const char *name) {
    lua_State *lua = shape->lua;
    size_t n = freeze_unwrap(lua, -1) ? lua_rawlen(lua, -1) : 0;
    for (size_t i = 1; i <= n && i <= CASES_LIMIT; i++) {
        lua_rawgeti(lua, -1, (lua_Integer)i);
        int top = lua_gettop(lua);
        bool sound = freeze_field(lua, top, "name") == LUA_TSTRING &&
                     freeze_field(lua, top, "given") == LUA_TTABLE &&
                     freeze_field(lua, top, "expect") != LUA_TNIL;
        lua_settop(lua, top - 1);
        if (sound)
            continue;
        char what[80];
        snprintf(what, sizeof what, "case %zu: name, given and expect are needed", i);
        complain(shape, name, what);
    }
    if (n > CASES_LIMIT) {
        char what[80];
        snprintf(what, sizeof what, "%zu are too many: at most %d are run", n, CASES_LIMIT);
        complain(shape, name, what);
    }
    if (n == 0)
        complain(shape, name, "at least one case is needed: { name =, given = {}, expect = {} }");
}

static const struct shape_row rows[] = {
    {"name", check_name, "every policy has a name of its own", false},
    {"kind", check_kind, NULL, true},
    {"title", check_title, "a title for clerks is needed", false},
    {"basis", check_text, NULL, false},
    {"scope", check_scope, NULL, false},
    {"uses", check_uses, NULL, false},
    {"schedule", check_schedule, NULL, false},
    {"texts", check_texts, NULL, false},
    {"describe", check_describe, NULL, false},
    {"parameters", check_table, NULL, false},
    {"decide", check_function, "decide = function(subject, parameters, context) is needed", false},
    {"cases", check_cases, "at least one case is needed: { name =, given = {}, expect = {} }",
     false},
    {"based_on", check_based_on, NULL, false},
    {"cases_on", check_cases_on, NULL, false},
};
#define N_ROWS (sizeof rows / sizeof *rows)

static void check_unknown(struct shape *shape, int table) {
    lua_State *lua = shape->lua;
    const char *names[N_ROWS];
    for (size_t i = 0; i < N_ROWS; i++)
        names[i] = rows[i].name;
    for (lua_pushnil(lua); lua_next(lua, table); lua_pop(lua, 1)) {
        const char *name = lua_type(lua, -2) == LUA_TSTRING ? lua_tostring(lua, -2) : "[number]";
        bool known = false;
        for (size_t i = 0; i < N_ROWS; i++)
            known |= strcmp(names[i], name) == 0;
        if (known)
            continue;
        const char *nearest = str_nearest(str_from(name), names, N_ROWS);
        complaint_add(shape->complaints, SEVERITY_ERROR, complaint_line_of(shape->text, name),
                      "unknown_field", "a policy has no field '%s'%s%s", name,
                      nearest ? "; did you mean " : "", nearest ? nearest : "");
    }
}

void shape_check(struct shape *shape) {
    lua_State *lua = shape->lua;
    int top = lua_gettop(lua);
    if (!freeze_unwrap(lua, top))
        return;
    check_unknown(shape, top + 1);
    for (size_t i = 0; i < N_ROWS; i++) {
        if (freeze_field(lua, top, rows[i].name) != LUA_TNIL || rows[i].always)
            rows[i].check(shape, rows[i].name);
        else if (rows[i].missing)
            complain(shape, rows[i].name, rows[i].missing);
        lua_settop(lua, top + 1);
    }
    lua_settop(lua, top);
}
