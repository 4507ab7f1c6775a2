/* Questions of others to the plugin: run by its table, answered now or later, once. */
#include <stdlib.h>

#include "plugin/host/host.h"
#include "util/log.h"
#include "util/memory.h"

static void send_error(struct host *host, uint64_t number, const char *code, const char *field,
                       const char *message) {
    struct buf body = {0};
    buf_put_str(&body, STR("{\"error\":{\"code\":"));
    buf_json_string(&body, str_from(code ? code : "policy_refused"));
    buf_put_str(&body, STR(",\"field\":"));
    buf_json_string(&body, str_from(field ? field : ""));
    buf_put_str(&body, STR(",\"message\":"));
    buf_json_string(&body, str_from(message ? message : ""));
    buf_put_str(&body, STR("}}"));
    host_send(host, FRAME_CALL_ANSWER, number, buf_str(&body));
    buf_deinit(&body);
}

static struct open_call *call_open(struct host *host, uint64_t number) {
    struct open_call *call = memory_checked(malloc(sizeof *call));
    *call = (struct open_call){{&host->core}, number, host->calls};
    host->calls = call;
    host->n_calls++;
    return call;
}

static void run(struct host *host, const struct frame *frame, const json_t *body) {
    const struct vol_method *method = load_method(&host->loaded, json_text(body, "method"));
    const json_t *parameters = json_object_get(body, "params");
    if (!method) {
        send_error(host, frame->number, "unknown_method", "method",
                   "the plugin has no such method");
    } else if (host->n_calls == OPEN_CALLS) {
        send_error(host, frame->number, "busy", "",
                   "1,000 questions wait for the plugin's answer: ask later");
    } else {
        struct open_call *call = call_open(host, frame->number);
        method->run(host->self, &call->lent, (const struct vol_value *)(const void *)parameters);
        host_called(host);
    }
}

void call_came(struct host *host, const struct frame *frame) {
    struct frame call = *frame;
    json_t *body = json_read(frame->body.data, frame->body.size);
    run(host, &call, body);
    json_decref(body);
}

/* Its number, and it is closed; 0 where it is none that waits. */
static uint64_t call_close(struct host *host, struct vol_call *lent) {
    struct open_call **place = &host->calls;
    while (*place && &(*place)->lent != lent)
        place = &(*place)->next;
    struct open_call *call = *place;
    if (!call) {
        service_log(&host->core, VOL_ERROR, "a call was answered twice");
        return 0;
    }
    uint64_t number = call->number;
    *place = call->next;
    host->n_calls--;
    struct open_call **kept = &host->answered[host->n_answered++ % ANSWERED_CALLS];
    free(*kept);
    *kept = call;
    return number;
}

static void send_result(struct host *host, uint64_t number, const char *result) {
    size_t size = result ? strlen(result) : 0;
    json_t *value = json_read(result, size);
    if (!json_is_object(value)) {
        service_log(&host->core, VOL_ERROR, "a call was answered with what is no JSON object");
        send_error(host, number, "policy_refused", "", "the plugin's answer is no JSON object");
    } else if (size > FRAME_TO_DAEMON_LIMIT / 2) {
        send_error(host, number, "too_large", "", "the plugin's answer is larger than 8 MiB");
    } else {
        size_t begun = channel_begin(&host->channel, FRAME_CALL_ANSWER, number);
        buf_put_str(&host->channel.out, STR("{\"result\":"));
        buf_put(&host->channel.out, result, size);
        buf_put_byte(&host->channel.out, '}');
        channel_end(&host->channel, begun);
    }
    json_decref(value);
}

void service_answer(struct vol_call *call, const char *result) {
    struct host *host = host_of(call->core);
    uint64_t number = call_close(host, call);
    if (number)
        send_result(host, number, result);
}

void service_refuse(struct vol_call *call, const char *code, const char *field,
                    const char *message) {
    struct host *host = host_of(call->core);
    uint64_t number = call_close(host, call);
    if (number)
        send_error(host, number, code, field, message);
}
