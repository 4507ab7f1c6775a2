/* What a plugin publishes: judged by what it declared, decided by the engine like any other event,
 * answered when it is durable. */
#include <stdlib.h>
#include <string.h>

#include "bus/intake.h"
#include "bus/wire.h"
#include "plugin/keeper_parts.h"
#include "util/memory.h"

/* The process keeps to less (64 calls, 8 MiB); one that does not is not heard until there is room.
 */
#define OUTSTANDING_LIMIT 128
#define OUTSTANDING_BYTES ((size_t)24 << 20)
#define EVENTS_LIMIT 1000
#define PARSER_BYTES ((size_t)1 << 20)

struct publication {
    struct batch batch;
    struct keeper *keeper;
    uint64_t number;
    uint64_t generation;
    size_t bytes;
    struct publication *next;
};

void publishing_init(struct keeper *self) {
    struct plugin_publishing *publishing = &self->publishing;
    publishing->parser = dom_parser_new();
    decision_reader_init(&publishing->duplicates, self->options.services->journal);
    publishing->done_end = &publishing->done;
}

void publishing_deinit(struct keeper *self) {
    decision_reader_deinit(&self->publishing.duplicates);
    dom_parser_free(self->publishing.parser);
}

bool publishing_is_full(const struct keeper *self) {
    return self->publishing.n_outstanding >= OUTSTANDING_LIMIT ||
           self->publishing.bytes_outstanding >= OUTSTANDING_BYTES;
}

/* ---- what it may publish ---- */

static bool is_its_source(struct str source, const char *own) {
    struct str prefix = str_from(own);
    return prefix.size && str_starts_with(source, prefix) &&
           (source.size == prefix.size || source.data[prefix.size] == '/');
}

static bool is_declared(const json_t *publishes, const char *type) {
    size_t i;
    json_t *item;
    json_array_foreach(publishes, i, item) {
        const char *name = json_string_value(item);
        if (name && !strcmp(name, type))
            return true;
    }
    return false;
}

static int judge(const void *context, const struct event *event, struct problem *problem) {
    const struct keeper *self = context;
    const json_t *declaration = json_object_get(self->inspection, "declaration");
    const char *own = json_string_value(json_object_get(declaration, "source"));
    if (!own || !is_its_source(event->source, own))
        return problem_set(problem, PROBLEM_NOT_ALLOWED, "source",
                           "plugin %s publishes under its own source, %s, and no other", self->name,
                           own ? own : "of which it declares none");
    if (!is_declared(json_object_get(declaration, "publishes"), event->type->name))
        return problem_set(problem, PROBLEM_NOT_ALLOWED, "type",
                           "plugin %s does not declare that it publishes %s", self->name,
                           event->type->name);
    return 0;
}

/* ---- results ---- */

static void put_results(struct keeper *self, struct publication *publication) {
    struct plugin_publishing *publishing = &self->publishing;
    const struct batch *batch = &publication->batch;
    uint64_t epoch = journal_head(self->options.services->journal).epoch;
    for (size_t i = 0; i < batch->n_events; i++) {
        publishing->n_stored += batch->results[i].status == RESULT_STORED;
        publishing->n_duplicate += batch->results[i].status == RESULT_DUPLICATE;
        publishing->n_rejected += batch->results[i].status == RESULT_REJECTED;
    }
    pthread_mutex_lock(&self->lock);
    self->shown.n_stored = publishing->n_stored;
    self->shown.n_duplicate = publishing->n_duplicate;
    self->shown.n_rejected = publishing->n_rejected;
    pthread_mutex_unlock(&self->lock);
    if (!self->process.pid || publication->generation != publishing->generation)
        return; /* who asked is gone; the same, sent again, is a duplicate */
    size_t begun = channel_begin(&self->channel, FRAME_RESULTS, publication->number);
    ack_render(batch, epoch, &publishing->duplicates, &self->channel.out);
    channel_end(&self->channel, begun);
}

static void publication_free(struct publication *publication) {
    arena_deinit(&publication->batch.arena);
    free(publication);
}

void publishing_answer(struct keeper *self) {
    struct plugin_publishing *publishing = &self->publishing;
    pthread_mutex_lock(&self->lock);
    struct publication *publication = publishing->done;
    publishing->done = NULL;
    publishing->done_end = &publishing->done;
    pthread_mutex_unlock(&self->lock);
    while (publication) {
        struct publication *next = publication->next;
        publishing->n_outstanding--;
        publishing->bytes_outstanding -= publication->bytes;
        put_results(self, publication);
        publication_free(publication);
        publication = next;
    }
}

static void refuse_all(struct keeper *self, uint64_t number, const char *code, const char *why) {
    size_t begun = channel_begin(&self->channel, FRAME_RESULTS, number);
    wire_error(&self->channel.out, code, why);
    channel_end(&self->channel, begun);
}

/* ---- to the engine ---- */

/* The journal's thread, or the engine's. */
static void publication_done(struct batch *batch) {
    struct publication *publication = batch->owner;
    struct keeper *self = publication->keeper;
    pthread_mutex_lock(&self->lock);
    publication->next = NULL;
    *self->publishing.done_end = publication;
    self->publishing.done_end = &publication->next;
    wake_ring(&self->wake); /* under the lock: afterwards the keeper may be gone */
    pthread_mutex_unlock(&self->lock);
}

static void submit(struct keeper *self, struct publication *publication) {
    struct batch *batch = &publication->batch;
    batch->done = publication_done;
    batch->owner = publication;
    batch->owner_bytes = sizeof *publication;
    self->publishing.n_outstanding++;
    self->publishing.bytes_outstanding += publication->bytes;
    if (intake_any(batch) && intake_submit(self->options.services->engine, batch) == 0) {
        engine_wake(self->options.services->engine);
        return;
    }
    self->publishing.n_outstanding--;
    self->publishing.bytes_outstanding -= publication->bytes;
    put_results(self, publication);
    publication_free(publication);
}

/* The parser keeps what its largest text took, six times that text. */
static void parser_shrink(struct plugin_publishing *publishing, size_t body_bytes) {
    if (body_bytes <= PARSER_BYTES)
        return;
    dom_parser_free(publishing->parser);
    publishing->parser = dom_parser_new();
}

static void take(struct keeper *self, uint64_t number, struct str body) {
    struct dom_value events;
    const char *fault = "";
    size_t offset = 0;
    if (dom_parse(self->publishing.parser, body, &events, &fault, &offset) != 0) {
        refuse_all(self, number, "malformed_json", fault);
        return;
    }
    if (dom_type(events) != DOM_ARRAY || dom_count(events) == 0 ||
        dom_count(events) > EVENTS_LIMIT) {
        refuse_all(self, number, "not_an_event", "a publication is an array of 1 to 1000 events");
        return;
    }
    struct publication *publication = memory_checked(calloc(1, sizeof *publication));
    publication->keeper = self;
    publication->number = number;
    publication->generation = self->publishing.generation;
    publication->bytes = body.size;
    arena_init(&publication->batch.arena);
    const struct intake intake = {self->options.services->keyring, judge, self};
    intake_decode(&intake, events, dom_count(events), &publication->batch);
    submit(self, publication);
}

void publishing_take(struct keeper *self, uint64_t number, struct str body) {
    take(self, number, body);
    parser_shrink(&self->publishing, body.size);
}
