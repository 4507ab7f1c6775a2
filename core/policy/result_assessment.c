/* What an assessment policy answers: { indicators = { { id =, title =, value =, target =, state =,
 * score =, max =, evidence = {}, veto = }, ... } }. */
#include "policy/freeze.h"
#include "policy/result.h"
#include "policy/value_json.h"

#define INDICATORS_LIMIT 64
#define EVIDENCE_LIMIT 32
#define STATE_BYTES 32
#define TITLE_BYTES 256

static const char *const member_names[] = {"id",    "title", "value",    "target", "state",
                                           "score", "max",   "evidence", "veto"};
#define N_MEMBERS (sizeof member_names / sizeof *member_names)

struct indicator_reading {
    struct result *result;
    lua_State *lua;
    int table;
    struct indicator *indicator;
};

static struct str text_at(lua_State *lua, int index) {
    struct str text = STR_NONE;
    if (lua_type(lua, index) == LUA_TSTRING)
        text.data = lua_tolstring(lua, index, &text.size);
    return text;
}

static bool is_whole(lua_State *lua, int index) {
    int whole = 0;
    if (lua_type(lua, index) == LUA_TNUMBER)
        (void)lua_tointegerx(lua, index, &whole);
    return whole;
}

/* Each reads the member that is on the top; NULL, or what is wrong. */

static const char *read_id(struct indicator_reading *self) {
    struct str id = text_at(self->lua, -1);
    if (!call_is_code(id))
        return "id: a text of small letters, digits and _ is expected, at most 64";
    self->indicator->id = arena_copy(self->result->call->arena, id);
    return NULL;
}

static const char *read_text(struct indicator_reading *self, size_t limit, struct str *ret_text) {
    struct scalar text;
    if (!call_read_scalar(self->result->call, self->lua, -1, &text) || text.kind != SCALAR_TEXT ||
        text.text.size == 0 || text.text.size > limit)
        return "a text is expected";
    *ret_text = text.text;
    return NULL;
}

static const char *read_title(struct indicator_reading *self) {
    return read_text(self, TITLE_BYTES, &self->indicator->title)
               ? "title: a text of at most 256 bytes is expected"
               : NULL;
}

static const char *read_state(struct indicator_reading *self) {
    return read_text(self, STATE_BYTES, &self->indicator->state)
               ? "state: \"met\", \"not_met\", \"no_data\" or a word of at most 32 bytes is "
                 "expected"
               : NULL;
}

static const char *read_value(struct indicator_reading *self) {
    self->indicator->has_value = true;
    return call_read_scalar(self->result->call, self->lua, -1, &self->indicator->value)
               ? NULL
               : "value: a whole number, a text or a boolean is expected";
}

static const char *read_target(struct indicator_reading *self) {
    self->indicator->has_target = true;
    return call_read_scalar(self->result->call, self->lua, -1, &self->indicator->target)
               ? NULL
               : "target: a whole number, a text or a boolean is expected";
}

static const char *read_score(struct indicator_reading *self) {
    self->indicator->has_score = true;
    self->indicator->score = lua_tointeger(self->lua, -1);
    return is_whole(self->lua, -1) ? NULL : "score: a whole number is expected";
}

static const char *read_max(struct indicator_reading *self) {
    self->indicator->has_max = true;
    self->indicator->max = lua_tointeger(self->lua, -1);
    return is_whole(self->lua, -1) ? NULL : "max: a whole number is expected";
}

static const char *read_evidence(struct indicator_reading *self) {
    static const char wrong[] =
        "evidence: a table of at most 32 whole numbers, texts or booleans by name is expected";
    lua_State *lua = self->lua;
    struct call *call = self->result->call;
    size_t n = 0;
    if (!freeze_unwrap(lua, -1))
        return wrong;
    for (lua_pushnil(lua); lua_next(lua, -2); lua_pop(lua, 1)) {
        struct scalar scalar;
        if (++n > EVIDENCE_LIMIT || !call_is_code(text_at(lua, -2)) ||
            !call_read_scalar(call, lua, -1, &scalar))
            return wrong;
    }
    buf_reset(&call->json);
    if (n)
        value_json(lua, -1, &call->json);
    else
        buf_put_str(&call->json, STR("{}"));
    self->indicator->evidence = arena_copy(call->arena, buf_str(&call->json));
    return NULL;
}

static const char *read_veto(struct indicator_reading *self) {
    self->indicator->veto = lua_toboolean(self->lua, -1);
    return lua_isboolean(self->lua, -1) ? NULL : "veto: true or false is expected";
}

static const char *(*const members[N_MEMBERS])(struct indicator_reading *self) = {
    read_id,    read_title, read_value,    read_target, read_state,
    read_score, read_max,   read_evidence, read_veto};

static const char *find_unknown(struct indicator_reading *self) {
    lua_State *lua = self->lua;
    const char *unknown = NULL;
    for (lua_pushnil(lua); lua_next(lua, self->table); lua_pop(lua, 1)) {
        const char *name = lua_type(lua, -2) == LUA_TSTRING ? lua_tostring(lua, -2) : "[number]";
        bool known = false;
        for (size_t i = 0; i < N_MEMBERS; i++)
            known |= strcmp(name, member_names[i]) == 0;
        if (!known && (!unknown || strcmp(name, unknown) < 0))
            unknown = name;
    }
    return unknown;
}

/* The indicator that is on the top of the stack. */
static const char *read_indicator(struct indicator_reading *self) {
    lua_State *lua = self->lua;
    if (!freeze_unwrap(lua, -1))
        return "a table is expected";
    self->table = lua_gettop(lua);
    const char *unknown = find_unknown(self);
    if (unknown)
        return arena_string(
            self->result->call->arena,
            arena_printf(self->result->call->arena, "an indicator has no member '%s'", unknown));
    const char *wrong = NULL;
    for (size_t i = 0; !wrong && i < N_MEMBERS; i++) {
        if (freeze_field(lua, self->table, member_names[i]) != LUA_TNIL)
            wrong = members[i](self);
        lua_settop(lua, self->table);
    }
    if (!wrong && !self->indicator->id.size)
        wrong = "id: it is missing";
    if (!wrong && !self->indicator->state.size)
        wrong = "state: it is missing";
    return wrong;
}

/* ---- as JSON ---- */

static void put_scalar(struct buf *out, const char *name, const struct scalar *scalar) {
    buf_json_key(out, name);
    if (scalar->kind == SCALAR_INTEGER)
        buf_json_integer(out, scalar->integer);
    else if (scalar->kind == SCALAR_BOOLEAN)
        buf_put_str(out, scalar->integer ? STR("true") : STR("false"));
    else
        buf_json_string(out, scalar->text);
}

static void put_text(struct buf *out, const char *name, struct str text) {
    buf_json_key(out, name);
    buf_json_string(out, text);
}

static void put_indicator(struct buf *out, const struct indicator *indicator) {
    buf_json_item(out);
    buf_put_byte(out, '{');
    put_text(out, "id", indicator->id);
    if (indicator->title.size)
        put_text(out, "title", indicator->title);
    if (indicator->has_value)
        put_scalar(out, "value", &indicator->value);
    if (indicator->has_target)
        put_scalar(out, "target", &indicator->target);
    put_text(out, "state", indicator->state);
    if (indicator->has_score) {
        buf_json_key(out, "score");
        buf_json_integer(out, indicator->score);
    }
    if (indicator->has_max) {
        buf_json_key(out, "max");
        buf_json_integer(out, indicator->max);
    }
    if (indicator->evidence.size) {
        buf_json_key(out, "evidence");
        buf_put_str(out, indicator->evidence);
    }
    if (indicator->veto)
        buf_put_str(out, STR(",\"veto\":true"));
    buf_put_byte(out, '}');
}

static const char *finish(struct result *result, struct indicator *list, size_t n) {
    struct buf *out = &result->call->json;
    buf_reset(out);
    buf_put_byte(out, '[');
    for (size_t i = 0; i < n; i++)
        put_indicator(out, &list[i]);
    buf_put_byte(out, ']');
    if (!call_take_bytes(result->call, result->limits, out->size))
        return "the indicators are too large";
    result->answer->json = arena_copy(result->call->arena, buf_str(out));
    result->answer->indicators = (struct list){n, list};
    return NULL;
}

static bool stands_before(const struct indicator *list, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (str_equal(list[i].id, list[n].id))
            return true;
    return false;
}

const char *result_read_indicators(struct result *result) {
    lua_State *lua = result->lua;
    struct arena *arena = result->call->arena;
    size_t n;
    if (!freeze_unwrap(lua, -1) || !lua_checkstack(lua, 16) || !freeze_list(lua, -1, &n))
        return "must be a list of { id =, state =, value =, target = }";
    int list = lua_gettop(lua);
    if (n > INDICATORS_LIMIT)
        return "there are more than 64 indicators";
    struct indicator *indicators = arena_alloc(arena, (n + 1) * sizeof *indicators);
    for (size_t i = 0; i < n; i++) {
        indicators[i] = (struct indicator){.id = STR_NONE};
        struct indicator_reading reading = {
            .result = result, .lua = lua, .indicator = &indicators[i]};
        lua_rawgeti(lua, list, (lua_Integer)i + 1);
        const char *wrong = read_indicator(&reading);
        lua_settop(lua, list);
        if (!wrong && stands_before(indicators, i))
            wrong = "its id stands there twice";
        if (wrong)
            return arena_string(arena, arena_printf(arena, "[%zu] %s", i + 1, wrong));
    }
    lua_settop(lua, list - 1);
    return finish(result, indicators, n);
}
