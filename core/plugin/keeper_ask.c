/* What a plugin reads: answered on its keeper's own thread, so that a slow question holds up nobody
 * else. */
#include <stdlib.h>
#include <string.h>

#include "plugin/keeper_parts.h"

#define MANY_LIMIT 1000
#define MANY_BYTES (32u << 20)
#define SNAPSHOT_US (INT64_C(2) * 1000000)
#define STATE_LIMIT_MS 10000

static struct rpc *rpc_of(struct keeper *self) {
    if (!self->asking.ready)
        rpc_init(&self->asking.rpc, self->options.services);
    self->asking.ready = true;
    return &self->asking.rpc;
}

static void put_error(struct buf *out, const char *code, const char *field, const char *message) {
    json_t *error =
        json_pack("{s:{s:s, s:s, s:s}}", "error", "code", code, "field", field, "message", message);
    char *text = json_dumps(error, JSON_COMPACT);
    buf_put_str(out, str_from(text ? text : "{\"error\":{}}"));
    free(text);
    json_decref(error);
}

/* ---- snapshots ---- */

static void close_snapshot(struct keeper *self) {
    if (self->asking.snapshot)
        view_close(self->asking.snapshot);
    self->asking.snapshot = NULL;
}

static void begin_snapshot(struct keeper *self, struct buf *out) {
    struct plugin_asking *asking = &self->asking;
    struct store *store = self->options.services->store;
    uint64_t head = journal_head(self->options.services->journal).sequence;
    close_snapshot(self);
    if (store_wait(store, head, STATE_LIMIT_MS) != 0 ||
        store_view_open(store, &asking->snapshot) < 0) {
        put_error(out, "busy", "", "the state cannot be read at the moment: try again");
        return;
    }
    asking->in_snapshot = true;
    asking->snapshot_end_us = self->now_us + SNAPSHOT_US;
    buf_printf(out, "{\"result\":{\"sequence\":%llu}}",
               (unsigned long long)view_head(asking->snapshot).sequence);
}

static void end_snapshot(struct keeper *self) {
    close_snapshot(self);
    self->asking.in_snapshot = false;
}

void asking_take_time(struct keeper *self) {
    if (self->asking.snapshot && self->now_us > self->asking.snapshot_end_us)
        close_snapshot(self);
}

static bool is_too_late(struct keeper *self, struct buf *out) {
    self->now_us = self->io->boottime_us(self->io->self);
    asking_take_time(self);
    bool late = self->asking.in_snapshot && !self->asking.snapshot;
    if (late)
        put_error(out, "busy", "", "the snapshot is over: one lasts for at most two seconds");
    return late;
}

/* ---- one question ---- */

static struct rpc_call call_of(struct keeper *self) {
    return (struct rpc_call){.after = journal_head(self->options.services->journal).sequence,
                             .view = self->asking.snapshot,
                             .reads_only = true};
}

/* Of a JSON-RPC answer, which begins with what it is. */
static bool take_result(struct str answer, struct str *ret_result) {
    static const char begin[] = "{\"jsonrpc\":\"2.0\",\"result\":", end[] = ",\"id\":null}";
    size_t before = sizeof begin - 1, after = sizeof end - 1;
    if (answer.size < before + after || memcmp(answer.data, begin, before) != 0)
        return false;
    *ret_result = (struct str){answer.data + before, answer.size - before - after};
    return true;
}

static void put_rpc_error(struct buf *out, struct str answer) {
    json_t *whole = json_loadb(answer.data, answer.size, 0, NULL);
    const json_t *error = json_object_get(whole, "error");
    const json_t *data = json_object_get(error, "data");
    const char *code = json_string_value(json_object_get(data, "code"));
    const char *field = json_string_value(json_object_get(data, "field"));
    const char *message = json_string_value(json_object_get(error, "message"));
    put_error(out, code ? code : "unknown_method", field ? field : "", message ? message : "");
    json_decref(whole);
}

static void ask(struct keeper *self, json_t *question, struct buf *out) {
    const char *method = json_string_value(json_object_get(question, "method"));
    json_t *given = json_object_get(question, "params");
    if (!method || (given && !json_is_object(given))) {
        put_error(out, "malformed_json", "", "a question is {\"method\", \"params\": {}}");
        return;
    }
    if (is_too_late(self, out))
        return;
    if (plugins_have(self->options.services->plugins, method)) {
        put_error(out, "not_allowed", "method", "plugins do not ask each other: follow the events");
        return;
    }
    json_t *params = given ? json_incref(given) : json_object();
    struct buf answer = {0};
    struct str result;
    struct rpc_call call = call_of(self);
    rpc_run(rpc_of(self), &call, method, params, &answer);
    if (take_result(buf_str(&answer), &result)) {
        buf_put_str(out, STR("{\"result\":"));
        buf_put_str(out, result);
        buf_put_byte(out, '}');
    } else {
        put_rpc_error(out, buf_str(&answer));
    }
    buf_deinit(&answer);
    json_decref(params);
}

/* ---- many things ---- */

/* One of them: null where there is none. False where it cannot be asked at all; then the error is
 * in out. */
static bool put_one(struct keeper *self, struct rpc_call *call, const char *noun, json_t *id,
                    struct buf *out) {
    char method[64];
    struct buf answer = {0};
    struct str result;
    snprintf(method, sizeof method, "%.40s.get", noun);
    json_t *params = json_pack("{s:O}", noun, id);
    rpc_run(rpc_of(self), call, method, params, &answer);
    json_decref(params);
    bool good = take_result(buf_str(&answer), &result);
    bool unknown = !good && memmem(answer.data, answer.size, "\"code\":\"unknown_", 16);
    if (good)
        buf_put_str(out, result);
    else if (unknown)
        buf_put_str(out, STR("null"));
    else
        put_rpc_error(out, buf_str(&answer));
    buf_deinit(&answer);
    return good || unknown;
}

static void put_many(struct keeper *self, struct rpc_call *call, const char *noun,
                     const json_t *ids, struct buf *out) {
    size_t begun = out->size, i;
    json_t *id;
    buf_put_str(out, STR("{\"result\":["));
    json_array_foreach(ids, i, id) {
        size_t before;
        if (i)
            buf_put_byte(out, ',');
        before = out->size;
        if (!put_one(self, call, noun, id, out)) {
            memmove(out->data + begun, out->data + before, out->size - before);
            out->size -= before - begun;
            return;
        }
        if (out->size - begun > MANY_BYTES) {
            out->size = begun;
            put_error(out, "too_large", "ids", "what they are is too much: ask for fewer at once");
            return;
        }
    }
    buf_put_str(out, STR("]}"));
}

static void get_many(struct keeper *self, json_t *question, struct buf *out) {
    const char *noun = json_string_value(json_object_get(question, "noun"));
    const json_t *ids = json_object_get(question, "ids");
    struct view *view = NULL;
    if (!noun || !json_is_array(ids) || json_array_size(ids) > MANY_LIMIT) {
        put_error(out, "out_of_range", "ids", "give a noun and at most 1000 ids");
        return;
    }
    if (is_too_late(self, out))
        return;
    /* All of them from one state. */
    struct rpc_call call = call_of(self);
    if (!call.view) {
        struct store *store = self->options.services->store;
        if (store_wait(store, call.after, STATE_LIMIT_MS) != 0 ||
            store_view_open(store, &view) < 0) {
            put_error(out, "busy", "", "the state cannot be read at the moment: try again");
            return;
        }
        call.view = view;
    }
    put_many(self, &call, noun, ids, out);
    if (view)
        view_close(view);
}

/* ---- frames ---- */

void asking_take(struct keeper *self, const struct frame *frame) {
    json_t *question = NULL;
    if (frame->kind == FRAME_SNAPSHOT_END) {
        end_snapshot(self);
        return;
    }
    self->asking.n_asked++;
    if (frame->kind != FRAME_SNAPSHOT_BEGIN)
        question = json_loadb(frame->body.data, frame->body.size, JSON_REJECT_DUPLICATES, NULL);
    /* The answer grows apart: a question may be asked while something else is being put. */
    struct buf out = {0};
    if (frame->kind == FRAME_SNAPSHOT_BEGIN)
        begin_snapshot(self, &out);
    else if (!json_is_object(question))
        put_error(&out, "malformed_json", "", "a question is a JSON object");
    else if (frame->kind == FRAME_ASK)
        ask(self, question, &out);
    else
        get_many(self, question, &out);
    channel_put(&self->channel, FRAME_ANSWER, frame->number, buf_str(&out));
    buf_deinit(&out);
    json_decref(question);
    pthread_mutex_lock(&self->lock);
    self->shown.n_asked = self->asking.n_asked;
    pthread_mutex_unlock(&self->lock);
}

void asking_end(struct keeper *self) {
    end_snapshot(self);
}

void asking_deinit(struct keeper *self) {
    close_snapshot(self);
    if (self->asking.ready)
        rpc_deinit(&self->asking.rpc);
    self->asking.ready = false;
}
