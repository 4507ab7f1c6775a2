/* Questions that came over the query socket on their way to the plugin, and its answers on their
 * way back. */
#include <stdlib.h>
#include <string.h>

#include "plugin/calls.h"
#include "plugin/keeper_parts.h"
#include "util/memory.h"

#define BODY_LIMIT (1u << 20)

static bool has_method(const json_t *inspection, const char *name) {
    const json_t *declared = json_object_get(json_object_get(inspection, "declaration"), "methods");
    size_t i;
    json_t *item;
    json_array_foreach(declared, i, item) {
        const char *method = json_string_value(json_object_get(item, "name"));
        if (method && !strcmp(method, name))
            return true;
    }
    return false;
}

/* Under the lock. */
static int check_call(const struct keeper *self, const char *method, struct problem *problem) {
    if (self->shown.state != KEEPER_RUNNING)
        return problem_set(problem, PROBLEM_BUSY, "",
                           "plugin %s does not answer, it is %s: `volunteerctl plugin list` says "
                           "why",
                           self->name, keeper_state_text(self->shown.state));
    if (!has_method(self->shown.inspection, method))
        return problem_set(
            problem, PROBLEM_OUT_OF_RANGE, "method",
            "plugin %s has no method %.64s: `volunteerctl plugin show %s` names them", self->name,
            method, self->name);
    if (self->n_calls == CALLS_AT_ONCE)
        return problem_set(problem, PROBLEM_BUSY, "",
                           "plugin %s has %d questions to answer already: ask again a little later",
                           self->name, CALLS_AT_ONCE);
    return 0;
}

int keeper_call(struct keeper *keeper, const char *method, const json_t *parameters,
                uint64_t number, struct problem *problem) {
    json_t *call = json_pack("{s:s, s:O}", "method", method, "params", parameters);
    char *body = json_dumps(call, JSON_COMPACT);
    json_decref(call);
    if (!body || strlen(body) > BODY_LIMIT) {
        free(body);
        return problem_set(problem, PROBLEM_TOO_LARGE, "", "the parameters are larger than 1 MiB");
    }
    int64_t now_us = keeper->io->boottime_us(keeper->io->self);
    pthread_mutex_lock(&keeper->lock);
    int result = check_call(keeper, method, problem);
    if (result == 0)
        keeper->calls[keeper->n_calls++] = (struct waiting_call){number, body, now_us};
    pthread_mutex_unlock(&keeper->lock);
    if (result == 0)
        wake_ring(&keeper->wake);
    else
        free(body);
    return result;
}

void calls_send(struct keeper *self) {
    if (self->shown.state != KEEPER_RUNNING)
        return;
    pthread_mutex_lock(&self->lock);
    for (size_t i = 0; i < self->n_calls; i++) {
        struct waiting_call *call = &self->calls[i];
        if (!call->body)
            continue;
        channel_put(&self->channel, FRAME_CALL, call->number, str_from(call->body));
        free(call->body);
        call->body = NULL;
        call->deadline_us = self->now_us + self->config.limits.answer_s * 1000000;
    }
    pthread_mutex_unlock(&self->lock);
}

/* False where nobody waits for it (any more). */
static bool forget_call(struct keeper *self, uint64_t number) {
    bool found = false;
    pthread_mutex_lock(&self->lock);
    for (size_t i = 0; i < self->n_calls && !found; i++) {
        if (self->calls[i].number != number || self->calls[i].body)
            continue;
        self->calls[i] = self->calls[--self->n_calls];
        found = true;
    }
    pthread_mutex_unlock(&self->lock);
    return found;
}

void calls_take_answer(struct keeper *self, uint64_t number, struct str body) {
    json_error_t error;
    json_t *answer = json_loadb(body.data, body.size, JSON_REJECT_DUPLICATES, &error);
    bool shaped = json_is_object(json_object_get(answer, "result")) ||
                  json_is_string(json_object_get(json_object_get(answer, "error"), "code"));
    if (!forget_call(self, number)) {
        plugin_log_note(self->log, LOG_LEVEL_WARNING,
                        "answered a question twice, or after its time was over");
        json_decref(answer);
    } else if (shaped) {
        calls_finish(self->options.calls, number, answer);
    } else {
        plugin_log_note(self->log, LOG_LEVEL_ERROR, "gave an answer that is no JSON object: %s",
                        answer ? "another value" : error.text);
        calls_fail(self->options.calls, number, "policy_refused",
                   "the plugin gave an answer that is no JSON object: its log says more");
        json_decref(answer);
    }
}

/* Takes those that wait no longer out of the list. */
static size_t take_over(struct keeper *self, bool all, uint64_t ret_numbers[CALLS_AT_ONCE]) {
    size_t n = 0;
    pthread_mutex_lock(&self->lock);
    for (size_t i = 0; i < self->n_calls;) {
        struct waiting_call *call = &self->calls[i];
        if (!all && (call->body || self->now_us < call->deadline_us)) {
            i++;
            continue;
        }
        ret_numbers[n++] = call->number;
        free(call->body);
        self->calls[i] = self->calls[--self->n_calls];
    }
    pthread_mutex_unlock(&self->lock);
    return n;
}

void calls_take_time(struct keeper *self) {
    uint64_t numbers[CALLS_AT_ONCE];
    size_t n = take_over(self, false, numbers);
    for (size_t i = 0; i < n; i++)
        calls_fail(self->options.calls, numbers[i], "busy",
                   "the plugin did not answer in time (limits.answer_s): ask again a little later");
}

void calls_fail_all(struct keeper *self, const char *why) {
    uint64_t numbers[CALLS_AT_ONCE];
    size_t n = take_over(self, true, numbers);
    for (size_t i = 0; i < n; i++)
        calls_fail(self->options.calls, numbers[i], "busy", why);
}
