#include "push.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "recruitment.h"

#define FLYING_MOST 2
#define NOTICES_MOST 4
#define BATCH_MOST 100
#define HASH_TEXT 65
#define PAUSE_LEAST_MS 10
#define HOLD_MOST_MS 300000 /* a platform that is back is noticed by then */

/* Items of one request, in its order. */
struct batch {
    struct recruitment *recruitment;
    json_t *results; /* array */
    int64_t items[BATCH_MOST];
    size_t n;
};

/* ---- what is sent ---- */

/* What the platform gets of an item; NULL with the reason where the mapping has none. */
static json_t *result_make(struct recruitment *recruitment, const struct outbox_item *item,
                           struct mapping_problem *problem) {
    char function[64];
    json_t *told = NULL, *result = json_loads(item->body, 0, NULL);
    snprintf(function, sizeof function, "push_%s", item->kind);
    if (!mapping_push(recruitment->mapping, function, json_object_get(result, "value"), &told,
                      problem)) {
        json_decref(result);
        return NULL;
    }
    json_object_set_new(result, "key", json_string(item->key));
    json_object_set_new(result, "value", told);
    return result;
}

struct refusal {
    int64_t item;
    struct mapping_problem problem;
};

struct taking {
    struct batch *batch;
    struct refusal *refusals;
    size_t n_refusals;
};

static void take(void *context, const struct outbox_item *item) {
    struct taking *taking = context;
    struct batch *batch = taking->batch;
    struct refusal *refusal = &taking->refusals[taking->n_refusals];
    json_t *result = result_make(batch->recruitment, item, &refusal->problem);
    if (!result) {
        refusal->item = item->item;
        taking->n_refusals++;
        return;
    }
    json_array_append_new(batch->results, result);
    batch->items[batch->n++] = item->item;
}

/* Items of a lane that are due become `sending`; what the mapping refuses is given up. */
static struct batch *batch_take(struct recruitment *recruitment, const char *lane, size_t limit) {
    struct batch *batch = calloc(1, sizeof *batch);
    struct refusal *refusals = calloc(limit, sizeof *refusals);
    if (!batch || !refusals)
        abort();
    batch->recruitment = recruitment;
    batch->results = json_array();
    struct taking taking = {.batch = batch, .refusals = refusals};
    sql_begin(&recruitment->sql);
    outbox_take(&recruitment->outbox, lane, now_ms(), limit, take, &taking);
    for (size_t i = 0; i < taking.n_refusals; i++)
        outbox_refused(&recruitment->outbox, refusals[i].item, false, now_ms(),
                       refusals[i].problem.message);
    bool good = sql_commit(&recruitment->sql) == 0;
    free(refusals);
    if (good && batch->n)
        return batch;
    json_decref(batch->results);
    free(batch);
    return NULL;
}

static void batch_free(struct batch *batch) {
    json_decref(batch->results);
    free(batch);
}

/* The others would fare no better: the whole lane waits. */
static void lane_hold(struct recruitment *recruitment, struct push_lane *lane,
                      int64_t retry_after_ms) {
    int64_t pause = outbox_pause(&recruitment->outbox, ++lane->failures);
    if (pause > HOLD_MOST_MS)
        pause = HOLD_MOST_MS;
    lane->held_ms = now_ms() + (pause > retry_after_ms ? pause : retry_after_ms);
}

static void lane_answers(struct recruitment *recruitment, const char *name,
                         struct push_lane *lane) {
    if (lane->failures)
        outbox_release(&recruitment->outbox, name, now_ms());
    lane->failures = 0;
}

static bool lane_is_free(const struct push_lane *lane, int most) {
    return lane->n_flying < most && now_ms() >= lane->held_ms;
}

static void batch_failed(struct batch *batch, const struct reply *reply) {
    struct recruitment *recruitment = batch->recruitment;
    for (size_t i = 0; i < batch->n; i++)
        outbox_failed(&recruitment->outbox, batch->items[i], now_ms(), reply->retry_after_ms,
                      reply->error);
    vol_count(recruitment->core, COUNTER_PUSH_FAILURES, (int64_t)batch->n);
    snprintf(recruitment->last_error, sizeof recruitment->last_error, "%s", reply->error);
}

/* ---- results ---- */

static void note_answer(struct recruitment *recruitment, int64_t item, const json_t *answer) {
    const char *status = json_string_value(json_object_get(answer, "status"));
    const char *code = json_string_value(json_object_get(answer, "code"));
    const char *message = json_string_value(json_object_get(answer, "message"));
    char error[300];
    if (status && strcmp(status, "accepted") == 0) {
        outbox_sent(&recruitment->outbox, item, now_ms());
        vol_count(recruitment->core, COUNTER_PUSHED, 1);
        return;
    }
    snprintf(error, sizeof error, "%.60s: %.200s", code ? code : "refused", message ? message : "");
    outbox_refused(&recruitment->outbox, item,
                   !status || json_is_true(json_object_get(answer, "retryable")), now_ms(), error);
    vol_count(recruitment->core, COUNTER_PUSH_FAILURES, 1);
}

/* Each item's answer, by its key. */
static void note_answers(struct batch *batch, const json_t *answers) {
    const json_t *answer, *result;
    json_t *by_key = json_object();
    size_t i;
    json_array_foreach(answers, i, answer) {
        const char *key = json_string_value(json_object_get(answer, "key"));
        if (key)
            json_object_set(by_key, key, (json_t *)(uintptr_t)answer);
    }
    json_array_foreach(batch->results, i, result)
        note_answer(batch->recruitment, batch->items[i],
                    json_object_get(by_key, json_string_value(json_object_get(result, "key"))));
    json_decref(by_key);
}

/* The whole request was wrong in the platform's eyes: one at a time, to find out which item. */
static bool is_request_s_fault(int status) {
    return status == 400 || status == 409 || status == 413 || status == 415 || status == 422;
}

static void results_replied(struct recruitment *recruitment, void *context,
                            const struct reply *reply) {
    struct batch *batch = context;
    struct push *push = &recruitment->push;
    push->results.n_flying--;
    bool single = batch->n == 1;
    sql_begin(&recruitment->sql);
    if (reply->good && json_is_array(json_object_get(reply->body, "items"))) {
        note_answers(batch, json_object_get(reply->body, "items"));
        lane_answers(recruitment, LANE_RESULTS, &push->results);
        if (push->batch < BATCH_MOST)
            push->batch = push->batch * 2 < BATCH_MOST ? push->batch * 2 : BATCH_MOST;
    } else if (is_request_s_fault(reply->status) && single) {
        outbox_refused(&recruitment->outbox, batch->items[0], true, now_ms(), reply->error);
    } else {
        struct reply failed = *reply;
        if (reply->good)
            snprintf(failed.error, sizeof failed.error,
                     "the platform's answer is not as the contract says");
        batch_failed(batch, &failed);
        lane_hold(recruitment, &push->results, reply->retry_after_ms);
        if (is_request_s_fault(reply->status))
            push->batch = 1;
    }
    sql_commit(&recruitment->sql);
    batch_free(batch);
    push_step(recruitment);
}

static bool send_results(struct recruitment *recruitment) {
    struct batch *batch = batch_take(recruitment, LANE_RESULTS, (size_t)recruitment->push.batch);
    uint8_t digest[crypto_generichash_BYTES];
    char hash[HASH_TEXT], header[HASH_TEXT + 32], *url = NULL;
    if (!batch)
        return false;
    json_t *body = json_pack("{s:O}", "items", batch->results);
    char *text = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    crypto_generichash(digest, sizeof digest, (const uint8_t *)text, strlen(text), NULL, 0);
    sodium_bin2hex(hash, sizeof hash, digest, sizeof digest);
    snprintf(header, sizeof header, "Idempotency-Key: %s", hash);
    const char *const headers[] = {header, NULL};
    if (asprintf(&url, "%s/v1/results", recruitment->url) < 0)
        abort();
    recruitment->push.results.n_flying++;
    if (platform_post(recruitment, url, true, headers, text, results_replied, batch) < 0) {
        static const struct reply busy = {.error = "too many requests wait already"};
        recruitment->push.results.n_flying--;
        batch_failed(batch, &busy);
        batch_free(batch);
    }
    free(url);
    free(text);
    return true;
}

/* ---- notices: a signed webhook for each ---- */

static void notice_replied(struct recruitment *recruitment, void *context,
                           const struct reply *reply) {
    struct batch *batch = context;
    recruitment->push.notices.n_flying--;
    sql_begin(&recruitment->sql);
    if (reply->good) {
        outbox_sent(&recruitment->outbox, batch->items[0], now_ms());
        lane_answers(recruitment, LANE_NOTICES, &recruitment->push.notices);
    } else if (is_request_s_fault(reply->status) || reply->status == 410) {
        outbox_refused(&recruitment->outbox, batch->items[0], reply->status != 410, now_ms(),
                       reply->error);
    } else {
        outbox_failed(&recruitment->outbox, batch->items[0], now_ms(), reply->retry_after_ms,
                      reply->error);
        lane_hold(recruitment, &recruitment->push.notices, reply->retry_after_ms);
    }
    sql_commit(&recruitment->sql);
    batch_free(batch);
    push_step(recruitment);
}

static bool send_notice(struct recruitment *recruitment) {
    struct batch *batch = batch_take(recruitment, LANE_NOTICES, 1);
    char at[TIME_BYTES], seconds[24], signatures[SIGNATURE_SECRETS * SIGNATURE_TEXT];
    char id_header[200], time_header[64], signature_header[sizeof signatures + 32];
    if (!batch)
        return false;
    const char *id = json_string_value(json_object_get(json_array_get(batch->results, 0), "key"));
    time_text(now_ms(), at);
    json_t *body = json_pack("{s:s, s:s, s:{s:O}}", "type", "results.decided", "timestamp", at,
                             "data", "items", batch->results);
    char *text = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    snprintf(seconds, sizeof seconds, "%lld", (long long)(now_ms() / 1000));
    signature_make(&recruitment->keys, id, seconds, text, strlen(text), signatures);
    snprintf(id_header, sizeof id_header, "webhook-id: %s", id);
    snprintf(time_header, sizeof time_header, "webhook-timestamp: %s", seconds);
    snprintf(signature_header, sizeof signature_header, "webhook-signature: %s", signatures);
    const char *const headers[] = {id_header, time_header, signature_header, NULL};
    recruitment->push.notices.n_flying++;
    if (platform_post(recruitment, recruitment->notify_url, false, headers, text, notice_replied,
                      batch) < 0) {
        static const struct reply busy = {.error = "too many requests wait already"};
        recruitment->push.notices.n_flying--;
        batch_failed(batch, &busy);
        batch_free(batch);
    }
    free(text);
    return true;
}

/* ---- when ---- */

static void due(void *context) {
    struct recruitment *recruitment = context;
    recruitment->push.timer = 0;
    push_step(recruitment);
}

/* When the lane has something to do; INT64_MAX: an answer, or what is put, comes here again. */
static int64_t lane_due(struct recruitment *recruitment, const char *name,
                        const struct push_lane *lane) {
    if (lane->n_flying)
        return INT64_MAX;
    int64_t next = outbox_due(&recruitment->outbox, name);
    return next < lane->held_ms ? lane->held_ms : next;
}

void push_step(struct recruitment *recruitment) {
    struct push *push = &recruitment->push;
    while (lane_is_free(&push->results, FLYING_MOST) && send_results(recruitment)) {
    }
    while (recruitment->notify_url && lane_is_free(&push->notices, NOTICES_MOST) &&
           send_notice(recruitment)) {
    }
    if (push->timer)
        vol_timer_stop(recruitment->core, push->timer);
    push->timer = 0;
    int64_t next = lane_due(recruitment, LANE_RESULTS, &push->results);
    int64_t notices =
        recruitment->notify_url ? lane_due(recruitment, LANE_NOTICES, &push->notices) : INT64_MAX;
    next = notices < next ? notices : next;
    if (next == INT64_MAX)
        return;
    int64_t pause = next - now_ms();
    pause = pause < PAUSE_LEAST_MS   ? PAUSE_LEAST_MS
            : pause < OUTBOX_HOUR_MS ? pause
                                     : OUTBOX_HOUR_MS;
    push->timer = vol_timer(recruitment->core, (uint32_t)pause, 0, due, recruitment);
}
