#include "bundle.h"

#include <sodium.h>
#include <stdlib.h>

#include "tally.h"
#include "value.h"

#define BATCH 500
#define IN_FLIGHT 4
#define PATIENCE_MS 60000
#define DIGEST_BYTES 16 /* what libsodium gives at least */
#define DIGEST_SHOWN 5

struct publishing {
    struct bundle *bundle;
    struct tally tally;
    struct progress progress;
};

struct buf *bundle_add(struct bundle *bundle, uint64_t row) {
    if (bundle->n == bundle->capacity) {
        bundle->capacity = bundle->capacity ? bundle->capacity * 2 : 256;
        bundle->events = reallocarray(bundle->events, bundle->capacity, sizeof *bundle->events);
        if (!bundle->events)
            abort();
    }
    struct bundle_event *event = &bundle->events[bundle->n++];
    *event = (struct bundle_event){.row = row};
    return &event->json;
}

void bundle_add_json(struct bundle *bundle, uint64_t row, json_t *event) {
    char *text = json_dumps(event, JSON_COMPACT);
    json_decref(event);
    if (!text)
        abort();
    buf_put_str(bundle_add(bundle, row), str_from(text));
    free(text);
}

void bundle_deinit(struct bundle *bundle) {
    for (size_t i = 0; i < bundle->n; i++)
        buf_deinit(&bundle->events[i].json);
    free(bundle->events);
}

void bundle_id(const char *name, struct str text, struct buf *out) {
    uint8_t digest[DIGEST_BYTES];
    if (sodium_init() < 0)
        abort();
    crypto_generichash(digest, sizeof digest, (const uint8_t *)text.data, text.size, NULL, 0);
    buf_printf(out, "%s-", name);
    for (size_t i = 0; i < DIGEST_SHOWN; i++)
        buf_printf(out, "%02x", digest[i]);
}

static enum source_state bundle_next(void *self, struct str *ret_event, uint64_t *ret_line) {
    struct bundle *bundle = self;
    if (bundle->next == bundle->n)
        return SOURCE_END;
    struct bundle_event *event = &bundle->events[bundle->next++];
    *ret_event = buf_str(&event->json);
    *ret_line = event->row;
    return SOURCE_EVENT;
}

static void bundle_rejected(void *self, uint64_t line, const struct rejection *rejection) {
    struct publishing *publishing = self;
    tally_add(&publishing->tally, publishing->bundle->file, line, rejection);
}

static void bundle_settled(void *self, const struct publish_counts *counts, const char *waiting) {
    struct publishing *publishing = self;
    progress_update(&publishing->progress,
                    (int64_t)(counts->stored + counts->duplicate + counts->rejected),
                    (int64_t)publishing->bundle->n, waiting);
}

int bundle_publish(struct call *call, struct bundle *bundle, const char *what) {
    struct publishing publishing = {.bundle = bundle};
    struct publish_options options = {.batch = BATCH,
                                      .in_flight = IN_FLIGHT,
                                      .timeout_ms = call->client.timeout_ms,
                                      .patience_ms = PATIENCE_MS};
    struct event_source source = {bundle, bundle_next, -1};
    struct publish_watcher watcher = {&publishing, bundle_rejected, bundle_settled};
    struct publish_counts counts;
    tally_init(&publishing.tally, &publishing.progress);
    progress_begin(&publishing.progress, &call->terminal, what);
    int code = publisher_run(&call->client, &options, &source, &watcher, &counts);
    progress_end(&publishing.progress);
    if (code != UNREACHABLE || bundle->next > 0)
        tally_print(&publishing.tally, call, &counts);
    tally_deinit(&publishing.tally);
    return code == DONE && counts.rejected > 0 ? REFUSED : code;
}
