#include "policy/evaluate.h"

#include "domain/regions.h"
#include "policy/freeze.h"
#include "policy/host.h"
#include "policy/result.h"
#include "util/error.h"

/* Pushes the subject, its row read: every policy asks for something of it. The region whose scope
 * decides is of a record its activity's, of a person the residence. */
static int push_subject(struct policy_host *host, enum object_kind kind, uint32_t number,
                        uint32_t *ret_region) {
    lua_State *lua = host->sandbox.lua;
    object_push(host, kind, number, STR_NONE);
    struct reading reading = {
        .lua = lua, .host = host, .call = &host->call, .object = lua_touserdata(lua, -1)};
    struct object *subject = reading.object;
    int r = object_type(kind)->load(&reading);
    if (r != 0)
        return r;
    subject->loaded = true;
    if (kind == OBJECT_RECORD)
        host->call.record = number;
    *ret_region =
        kind == OBJECT_RECORD ? subject->row.record.row.region : subject->row.volunteer.region;
    return 0;
}

static void answer_failure(struct answer *answer, struct str revision, struct str failure) {
    answer->asked = true;
    answer->failed = true;
    answer->revision = revision;
    answer->failure = failure;
}

static void watch(struct policy_host *host, struct str revision) {
    if (host->watch)
        host->watch(host->watch_context, revision);
}

/* Pushes what decide gets besides the subject, which is on the top, and calls it. */
static int ask(struct policy_host *host, struct revision *revision, const struct policy_kind *kind,
               const struct question *question, struct answer *ret_answer) {
    /* By its own dates the rule may not hold yet. */
    if (!program_push_parameters(host, &revision->program, question->date))
        return 0;
    object_push(host, OBJECT_CONTEXT, UINT32_MAX, STR("context"));
    ret_answer->revision = revision->row.data.revision;
    call_run(host, &revision->program, kind, ret_answer);
    return host->call.error;
}

static int ask_selected(struct policy_host *host, const struct policy_kind *kind,
                        const struct question *question, struct answer *ret_answer) {
    struct call *call = &host->call;
    uint32_t region;
    int r = push_subject(host, kind->subject, question->number, &region);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "whom a policy is asked about is not there");
    struct revision *revision =
        host_select(host, call->view, question->kind, region, question->date);
    if (!revision)
        return 0;
    call->scope = revision->row.scope;
    watch(host, revision->row.data.revision);
    if (host_load(host, revision))
        r = ask(host, revision, kind, question, ret_answer);
    else
        answer_failure(ret_answer, revision->row.data.revision, revision->failure);
    watch(host, STR_NONE);
    return r;
}

static int ask_once(struct policy_host *host, struct view *view, const struct city *city,
                    const struct question *question, enum question_cause cause,
                    struct str event_type, struct arena *arena, struct answer *ret_answer) {
    struct call *call = &host->call;
    int top = lua_gettop(host->sandbox.lua);
    *ret_answer = (struct answer){.valid_until = INT32_MIN};
    call_begin(host, arena);
    call->view = view;
    call->city = city;
    call->as_of = question->date;
    call->cause = cause;
    call->event_type = event_type;
    int r = ask_selected(host, policy_kind(question->kind), question, ret_answer);
    lua_settop(host->sandbox.lua, top);
    return r;
}

/* Texts that an earlier call left behind are found again and cost this one nothing, so the same
 * call may allocate less here than elsewhere. A call that took much of its memory is therefore
 * asked again in a state without a past, and that answer stands: a budget ends at the same place
 * everywhere. What one call leaves is far below the half. */
int policy_evaluate(struct policy_host *host, struct view *view, const struct city *city,
                    const struct question *question, enum question_cause cause,
                    struct str event_type, struct arena *arena, struct answer *ret_answer) {
    *ret_answer = (struct answer){.valid_until = INT32_MIN};
    if (!policy_kind(question->kind))
        return 0;
    for (int round = 0;; round++) {
        int r = host_renew_state(host);
        if (r == 0)
            r = ask_once(host, view, city, question, cause, event_type, arena, ret_answer);
        if (r != 0 || round > 0 || host->call.bytes <= host->limits.memory_bytes / 2)
            return r;
        host->sandbox.worn = true;
    }
}

/* ---- words of a finding ---- */

static void put_scalar(struct buf *out, bool given, const struct scalar *scalar) {
    if (!given)
        buf_put_str(out, STR("?"));
    else if (scalar->kind == SCALAR_INTEGER)
        buf_json_integer(out, scalar->integer);
    else if (scalar->kind == SCALAR_BOOLEAN)
        buf_put_str(out, scalar->integer ? STR("是") : STR("否"));
    else
        buf_put_str(out, scalar->text);
}

/* The first %d or %s is the value, the second what is needed. */
static void put_words(struct buf *out, struct str words, const struct finding *finding) {
    unsigned n = 0;
    for (size_t i = 0; i < words.size; i++) {
        char next = i + 1 < words.size ? words.data[i + 1] : 0;
        if (words.data[i] != '%' || (next != 'd' && next != 's' && next != '%')) {
            buf_put_byte(out, (uint8_t)words.data[i]);
            continue;
        }
        i++;
        if (next == '%')
            buf_put_byte(out, '%');
        else if (n++ == 0)
            put_scalar(out, HAS(finding, finding, value), &finding->value);
        else
            put_scalar(out, HAS(finding, finding, needed), &finding->needed);
    }
}

/* Where a finding has no words: its code, value and what is needed. */
static void put_bare(struct buf *out, const struct finding *finding) {
    buf_put_str(out, finding->code);
    if (HAS(finding, finding, value)) {
        buf_put_str(out, STR(": "));
        put_scalar(out, true, &finding->value);
    }
    if (HAS(finding, finding, needed)) {
        buf_put_str(out, STR(" / "));
        put_scalar(out, true, &finding->needed);
    }
}

struct str policy_finding_text(struct policy_host *host, struct str revision,
                               const struct finding *finding, struct arena *arena) {
    struct buf out __attribute__((cleanup(buf_deinit))) = {0};
    struct revision *found = host_find(host, revision);
    struct str words = STR_NONE;
    int base = -1;
    if (found && host_renew_state(host) == 0 && host_load(host, found)) {
        lua_State *lua = host->sandbox.lua;
        base = lua_gettop(lua);
        lua_rawgeti(lua, LUA_REGISTRYINDEX, found->program.policy);
        freeze_field(lua, -1, "texts");
        if (freeze_field(lua, -1, arena_string(arena, finding->code)) == LUA_TSTRING)
            words.data = lua_tolstring(lua, -1, &words.size);
    }
    if (words.data)
        put_words(&out, words, finding);
    else
        put_bare(&out, finding);
    if (base >= 0)
        lua_settop(host->sandbox.lua, base);
    return arena_copy(arena, buf_str(&out));
}
