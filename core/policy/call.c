#include "policy/call.h"

#include "policy/freeze.h"
#include "policy/result.h"

#define FINDINGS_LIMIT 256
#define CODE_BYTES 64
#define TEXT_BYTES 256
#define FAILURE_BYTES 2048
/* Steps of the budget for a finding: its texts are copied whether it is kept or not. */
#define FINDING_STEPS 40

void call_begin(struct policy_host *host, struct arena *arena) {
    struct call *call = &host->call;
    call->arena = arena;
    call->serial++;
    call->error = 0;
    call->bytes = 0;
    call->view = NULL; /* a policy's cases have no state */
    call->stored = NULL;
    call->record = 0;
    call->at = COUNTER_NOW;
    call->period = STR_NONE;
    call->n_reads = 0;
    call->n_steady = 0;
    call->unasked = false;
    call->scope = 0;
    fact_log_reset(&call->log);
    call->findings = NULL;
    call->n_findings = 0;
    call->findings_capacity = 0;
    call->result_bytes = 0;
    call->n_objects = 0;
    call->trace.on = false;
    trace_reset(&call->trace);
}

void call_again(struct policy_host *host, uint32_t n_objects) {
    struct call *call = &host->call;
    call->error = 0;
    call->n_reads = 0;
    call->n_steady = 0;
    fact_log_reset(&call->log);
    call->n_objects = n_objects;
    for (uint32_t i = 0; i < n_objects && i < OBJECT_POOL; i++)
        host->pool[i]->noted = 0;
    trace_reset(&call->trace);
}

void call_end(struct policy_host *host, struct answer *answer) {
    struct call *call = &host->call;
    if (!answer->failed) {
        answer->facts = fact_log_finish(&call->log, call->arena);
        answer->steady = call->n_reads == call->n_steady;
    }
    call->arena = NULL;
    call->serial++;
}

bool call_take_bytes(struct call *call, const struct policy_limits *limits, size_t bytes) {
    call->result_bytes += bytes;
    return call->result_bytes <= limits->result_bytes;
}

bool call_is_text(struct str text) {
    while (text.size && *text.data) {
        size_t n = str_utf8_size(text);
        if (n == 0)
            return false;
        text = (struct str){text.data + n, text.size - n};
    }
    return text.size == 0;
}

bool call_read_scalar(struct call *call, lua_State *lua, int index, struct scalar *ret_scalar) {
    int whole = 0;
    switch (lua_type(lua, index)) {
    case LUA_TNUMBER:
        ret_scalar->kind = SCALAR_INTEGER;
        ret_scalar->integer = lua_tointegerx(lua, index, &whole);
        return whole;
    case LUA_TBOOLEAN:
        ret_scalar->kind = SCALAR_BOOLEAN;
        ret_scalar->integer = lua_toboolean(lua, index);
        return true;
    case LUA_TSTRING: {
        struct str text;
        text.data = lua_tolstring(lua, index, &text.size);
        ret_scalar->kind = SCALAR_TEXT;
        if (text.size > TEXT_BYTES || !call_is_text(text))
            return false;
        ret_scalar->text = arena_copy(call->arena, text);
        return true;
    }
    default:
        return false;
    }
}

bool call_is_code(struct str code) {
    if (code.size == 0 || code.size > CODE_BYTES)
        return false;
    for (size_t i = 0; i < code.size; i++) {
        char c = code.data[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return true;
}

static struct finding *finding_new(struct call *call) {
    if (call->n_findings == call->findings_capacity) {
        size_t capacity = call->findings_capacity ? 2 * call->findings_capacity : 2;
        struct finding *grown = arena_alloc(call->arena, capacity * sizeof *grown);
        if (call->n_findings)
            memcpy(grown, call->findings, call->n_findings * sizeof *grown);
        call->findings = grown;
        call->findings_capacity = capacity;
    }
    return &call->findings[call->n_findings];
}

const char *call_add_finding(struct call *call, const struct policy_limits *limits, lua_State *lua,
                             int code, int value, int needed) {
    struct str text = STR_NONE;
    if (lua_type(lua, code) == LUA_TSTRING)
        text.data = lua_tolstring(lua, code, &text.size);
    if (!call_is_code(text))
        return "a finding's code is a text of small letters, digits and _, at most 64";
    if (call->n_findings == FINDINGS_LIMIT)
        return "there are more than 256 findings";
    struct finding *finding = finding_new(call);
    *finding = (struct finding){.code = arena_copy(call->arena, text)};
    GIVE(finding, finding, code);
    if (!lua_isnoneornil(lua, value)) {
        if (!call_read_scalar(call, lua, value, &finding->value))
            return "a finding's value is a whole number, a text of at most 256 bytes or a boolean";
        GIVE(finding, finding, value);
    }
    if (!lua_isnoneornil(lua, needed)) {
        if (!call_read_scalar(call, lua, needed, &finding->needed))
            return "what a finding says is needed is a whole number, a text of at most 256 bytes "
                   "or a boolean";
        GIVE(finding, finding, needed);
    }
    call->n_findings++;
    size_t bytes = text.size + finding->value.text.size + finding->needed.text.size + 32;
    return call_take_bytes(call, limits, bytes) ? NULL : "the findings are too large";
}

int call_finding(lua_State *lua) {
    struct policy_host *host = sandbox_of(lua)->owner;
    if (!host->call.asking)
        return luaL_error(lua, "finding: only while decide runs");
    sandbox_charge(lua, FINDING_STEPS);
    const char *wrong = call_add_finding(&host->call, &host->limits, lua, 1, 2, 3);
    return wrong ? luaL_error(lua, "finding: %s", wrong) : 0;
}

struct str call_failure_text(struct arena *arena, struct str text) {
    char clean[FAILURE_BYTES];
    size_t n = 0;
    while (text.size && n + 4 <= sizeof clean) {
        size_t size = str_utf8_size(text);
        bool shown = size > 1 || (size == 1 && text.data[0] >= ' ' && text.data[0] != 0x7f);
        size = size ? size : 1;
        if (shown)
            memcpy(clean + n, text.data, size);
        else
            clean[n] = '?';
        n += shown ? size : 1;
        text = (struct str){text.data + size, text.size - size};
    }
    return arena_copy(arena, (struct str){clean, n});
}

static void fail(struct call *call, struct answer *answer, const char *failure) {
    struct str revision = answer->revision;
    *answer = (struct answer){.asked = true,
                              .failed = true,
                              .failure = call_failure_text(call->arena, str_from(failure)),
                              .revision = revision,
                              .valid_until = INT32_MIN};
}

void call_run(struct policy_host *host, const struct program *program,
              const struct policy_kind *kind, struct answer *ret_answer) {
    struct call *call = &host->call;
    lua_State *lua = host->sandbox.lua;
    int base = lua_gettop(lua) - 3;
    const char *failure = NULL;
    lua_rawgeti(lua, LUA_REGISTRYINDEX, program->decide);
    lua_insert(lua, base + 1);
    ret_answer->asked = true;
    ret_answer->valid_until = INT32_MIN;
    call->asking = true;
    int status = sandbox_call(&host->sandbox, 3, LUA_MULTRET);
    call->asking = false;
    call->bytes = host->sandbox.call_bytes;
    if (status != LUA_OK) {
        failure = lua_tostring(lua, -1);
    } else {
        struct result result = {lua, call, &host->limits, ret_answer};
        failure = result_read(&result, kind, lua_gettop(lua) - base);
    }
    if (failure)
        fail(call, ret_answer, failure);
    lua_settop(lua, base);
    if (!host->sandbox.refused) {
        lua_rawgeti(lua, LUA_REGISTRYINDEX, program->locals);
        if (!freeze_check(lua, -1, program->kept, program->n_kept))
            fail(call, ret_answer,
                 "an outer local was assigned: nothing may be kept between calls");
        lua_settop(lua, base);
    }
    if (!ret_answer->failed)
        ret_answer->findings = (struct list){call->n_findings, call->findings};
    call_end(host, ret_answer);
}
