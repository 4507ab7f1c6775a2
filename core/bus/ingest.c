#include "bus/ingest.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "bus/ack.h"
#include "bus/flight.h"
#include "bus/intake.h"
#include "bus/wire.h"
#include "util/dom.h"
#include "util/memory.h"

#define TURN_BYTES (256u << 10) /* decoded before the other sockets have their turn */
#define WAKE_MESSAGES 32        /* decoded before the engine is woken for them */
#define WAKE_BYTES (8u << 10)   /* of a message that is worth it alone */

struct message {
    struct batch batch;
    struct str envelope; /* packed, in the batch's arena */
    struct ingest *ingest;
    struct message *next;
};

/* Messages that are used again, small ones and large ones apart: a single event in the arena of an
 * array would take as much of the queue as that array. */
struct pile {
    struct message *first;
    size_t n;
};

enum { SMALL, LARGE, PILE_COUNT };

static const struct {
    size_t most;
    size_t arena_bytes; /* what it holds at most; a larger one is given back to the machine */
} piles[PILE_COUNT] = {{256, 16u << 10}, {16, 1u << 20}};

struct ingest {
    struct ingest_options options;
    struct dom_parser *parser;
    struct decision_reader duplicates;
    struct incoming incoming;
    struct buf answer;
    struct pile piles[PILE_COUNT];
    struct envelope envelope; /* of the message that is answered */
    atomic_size_t outstanding;
    size_t n_queued; /* since the engine was woken last */
    atomic_uint_fast64_t messages, refused_messages, dropped_acks;
    atomic_uint_fast64_t rejected_as[PROBLEM_COUNT];
    pthread_mutex_t lock; /* done: batches that came back, oldest first */
    struct message *done;
    struct message **done_end;
};

struct ingest *ingest_new(const struct ingest_options *options) {
    struct ingest *self = calloc(1, sizeof *self);
    if (!self)
        memory_out();
    self->options = *options;
    self->incoming.guard = options->guard;
    self->parser = dom_parser_new();
    decision_reader_init(&self->duplicates, options->journal);
    pthread_mutex_init(&self->lock, NULL);
    self->done_end = &self->done;
    return self;
}

/* NULL where there is none. */
static struct message *pile_take(struct pile *pile) {
    struct message *message = pile->first;
    if (message) {
        pile->first = message->next;
        pile->n--;
    }
    return message;
}

static void message_free(struct message *message) {
    arena_deinit(&message->batch.arena);
    free(message);
}

void ingest_free(struct ingest *ingest) {
    if (!ingest)
        return;
    assert(ingest->outstanding == 0);
    for (int i = 0; i < PILE_COUNT; i++) {
        struct message *message;
        while ((message = pile_take(&ingest->piles[i])))
            message_free(message);
    }
    pthread_mutex_destroy(&ingest->lock);
    decision_reader_deinit(&ingest->duplicates);
    dom_parser_free(ingest->parser);
    buf_deinit(&ingest->incoming.body);
    buf_deinit(&ingest->answer);
    free(ingest);
}

/* ---- messages ---- */

/* What the events of a body and their results take once they are decoded, most often: many of them
 * may wait, and what is decided comes on top only when it is their turn. */
static size_t decoded_bytes(size_t body_bytes) {
    return 3 * body_bytes + 256;
}

/* For the body that came in. */
static struct message *message_take(struct ingest *self) {
    size_t need = decoded_bytes(self->incoming.body.size);
    struct message *message = pile_take(&self->piles[need > piles[SMALL].arena_bytes]);
    if (!message) {
        message = memory_checked(calloc(1, sizeof *message));
        arena_init(&message->batch.arena);
        arena_reserve(&message->batch.arena, need);
        message->ingest = self;
    }
    message->next = NULL;
    message->envelope = envelope_pack(&self->incoming.envelope, &message->batch.arena);
    return message;
}

static void message_give_back(struct ingest *self, struct message *message) {
    struct arena arena = message->batch.arena;
    arena_reset(&arena);
    message->batch = (struct batch){.arena = arena};
    int size = arena.held_bytes > piles[SMALL].arena_bytes;
    struct pile *pile = &self->piles[size];
    if (pile->n == piles[size].most || arena.held_bytes > piles[size].arena_bytes) {
        message_free(message);
        return;
    }
    message->next = pile->first;
    pile->first = message;
    pile->n++;
}

/* The journal's thread, or the engine's; the bus is woken once for all of a group, by on_durable.
 */
static void message_done(struct batch *batch) {
    struct message *message = batch->owner;
    struct ingest *self = message->ingest;
    pthread_mutex_lock(&self->lock);
    message->next = NULL;
    *self->done_end = message;
    self->done_end = &message->next;
    pthread_mutex_unlock(&self->lock);
}

/* ---- answers ---- */

static void answer(struct ingest *self, const struct envelope *envelope) {
    if (flights_is_full(self->options.flights, envelope, self->answer.size) ||
        flights_send(self->options.flights, self->options.io, self->options.socket, envelope,
                     &self->answer) != 0)
        self->dropped_acks++;
    if (self->answer.capacity > (4u << 20))
        buf_deinit(&self->answer);
    buf_reset(&self->answer);
}

static void refuse_message(struct ingest *self, const char *code, const char *why) {
    self->refused_messages++;
    wire_error(&self->answer, code, why);
    answer(self, &self->incoming.envelope);
}

static void count_rejected(struct ingest *self, const struct batch *batch) {
    for (size_t i = 0; i < batch->n_events; i++)
        if (batch->results[i].status == RESULT_REJECTED)
            self->rejected_as[batch->results[i].problem->code]++;
}

static void acknowledge(struct ingest *self, struct message *message) {
    count_rejected(self, &message->batch);
    uint64_t epoch = journal_head(self->options.journal).epoch;
    ack_render(&message->batch, epoch, &self->duplicates, &self->answer);
    envelope_unpack(message->envelope, &self->envelope);
    answer(self, &self->envelope);
    message_give_back(self, message);
}

void ingest_acknowledge(struct ingest *ingest) {
    pthread_mutex_lock(&ingest->lock);
    struct message *message = ingest->done;
    ingest->done = NULL;
    ingest->done_end = &ingest->done;
    pthread_mutex_unlock(&ingest->lock);
    while (message) {
        struct message *next = message->next;
        ingest->outstanding--;
        acknowledge(ingest, message);
        message = next;
    }
}

/* ---- decoding ---- */

/* Of plugins only the daemon knows who speaks: each has a channel of its own. */
static int refuse_plugins_sources(const void *context, const struct event *event,
                                  struct problem *problem) {
    (void)context;
    if (!str_starts_with(event->source, STR("/plugins/")))
        return 0;
    return problem_set(problem, PROBLEM_NOT_ALLOWED, "source",
                       "sources that begin with /plugins/ are those of plugins, which the daemon "
                       "starts; send under a source of your own");
}

static void submit(struct ingest *self, struct message *message) {
    struct batch *batch = &message->batch;
    batch->done = message_done;
    batch->owner = message;
    batch->owner_bytes = sizeof *message;
    self->outstanding++;
    if (intake_submit(self->options.engine, batch) == 0) {
        self->n_queued++;
        return;
    }
    self->outstanding--;
    acknowledge(self, message);
}

static bool is_one_stranger(const struct message *message, struct dom_value body) {
    const struct batch *batch = &message->batch;
    return dom_type(body) == DOM_OBJECT && batch->results[0].problem &&
           batch->results[0].problem->code == PROBLEM_NOT_AN_EVENT;
}

static void take_events(struct ingest *self, struct dom_value body) {
    size_t n = dom_type(body) == DOM_ARRAY ? dom_count(body) : 1;
    if (n > self->options.max_events) {
        refuse_message(self, "too_large", "the array has more events than one message may hold");
        return;
    }
    struct message *message = message_take(self);
    const struct intake intake = {self->options.keyring, refuse_plugins_sources, NULL};
    intake_decode(&intake, body, n, &message->batch);
    if (n == 1 && is_one_stranger(message, body)) {
        refuse_message(self, "not_an_event", message->batch.results[0].problem->message);
        message_give_back(self, message);
    } else if (intake_any(&message->batch)) {
        submit(self, message);
    } else {
        acknowledge(self, message);
    }
}

static void take_body(struct ingest *self) {
    struct dom_value body;
    const char *fault;
    size_t offset = 0;
    if (dom_parse(self->parser, buf_str(&self->incoming.body), &body, &fault, &offset) != 0) {
        char message[256];
        snprintf(message, sizeof message,
                 "%s, at byte %zu: mend it there and send one JSON text in UTF-8", fault, offset);
        refuse_message(self, "malformed_json", message);
    } else if (dom_type(body) != DOM_OBJECT && dom_type(body) != DOM_ARRAY) {
        refuse_message(self, "not_an_event",
                       "the body must be a CloudEvents JSON object or an array of them");
    } else {
        take_events(self, body);
    }
}

static void wake_engine(struct ingest *self) {
    if (self->n_queued)
        engine_wake(self->options.engine);
    self->n_queued = 0;
}

/* False where none waits. */
static bool receive_one(struct ingest *self) {
    struct incoming *incoming = &self->incoming;
    if (wire_receive(self->options.io, self->options.socket, self->options.max_message_bytes,
                     incoming) != 1)
        return false;
    self->messages++;
    const char *complaint = wire_complaint(incoming->shape);
    if (complaint)
        refuse_message(self, "not_an_event", complaint);
    else if (incoming->too_large)
        refuse_message(self, "too_large", "the body is larger than bus.max_message_bytes");
    else
        take_body(self);
    return true;
}

bool ingest_receive(struct ingest *ingest, size_t limit) {
    bool more = true;
    size_t bytes = 0;
    for (size_t i = 0; more && i < limit && bytes < TURN_BYTES; i++) {
        more = receive_one(ingest);
        bytes += more ? ingest->incoming.body.size : 0;
        if (ingest->n_queued == WAKE_MESSAGES || ingest->incoming.body.size >= WAKE_BYTES)
            wake_engine(ingest);
    }
    wake_engine(ingest);
    return more;
}

size_t ingest_outstanding(const struct ingest *ingest) {
    return ingest->outstanding;
}

void ingest_set_max_events(struct ingest *ingest, size_t max_events) {
    ingest->options.max_events = max_events;
}

void ingest_counters(struct ingest *ingest, struct ingest_counters *ret_counters) {
    *ret_counters = (struct ingest_counters){.messages = ingest->messages,
                                             .refused_messages = ingest->refused_messages,
                                             .dropped_acks = ingest->dropped_acks};
    for (int code = 0; code < PROBLEM_COUNT; code++)
        ret_counters->rejected_as[code] = ingest->rejected_as[code];
}
