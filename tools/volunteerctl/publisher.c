#include "publisher.h"

#include <stdlib.h>
#include <zmq.h>

#include "acknowledgement.h"
#include "interrupt.h"
#include "print.h"
#include "util/buf.h"
#include "util/dom.h"
#include "util/error.h"
#include "value.h"

#define POLL_MS 200
#define BACKOFF_LEAST_MS 20
#define BACKOFF_MOST_MS 1000
#define MESSAGE_BYTES                                                                              \
    (4u << 20) /* half of the daemon's default limit: many small lines fill it                     \
                */
#define MONITOR_ADDRESS "inproc://publisher-monitor"

enum item_state {
    ITEM_WAITING, /* to be sent, for the first time or again */
    ITEM_SENT,
    ITEM_STORED,
    ITEM_DUPLICATE,
    ITEM_REJECTED,
    ITEM_DOUBTFUL /* rejected because something is unknown that an unsettled event may bring */
};

struct item {
    size_t offset;
    size_t size;
    uint64_t line;
    enum item_state state;
    struct rejection *rejection;
};

/* One message's events, in the order of the source. */
struct batch {
    struct buf text;
    struct item *items;
    size_t n;
    size_t limit;    /* events per message after the daemon refused it as a whole */
    uint64_t ticket; /* of the message that is on its way; 0: none */
    int64_t sent_us;
};

struct publisher {
    struct client *client;
    const struct publish_options *options;
    const struct event_source *source;
    const struct publish_watcher *watcher;
    struct publish_counts *counts;
    struct dom_parser *parser;
    void *socket;
    void *monitor;
    struct batch *batches; /* a ring of in_flight + 1: the last one fills */
    size_t head;
    size_t count; /* full ones */
    uint64_t last_ticket;
    enum source_state source_state;
    bool recovering;
    int64_t backoff_ms;
    int64_t resume_us;
    int64_t progress_us; /* when something was last acknowledged */
    const char *waiting; /* what for */
    bool refusing;       /* the daemon answers, but does not take anything */
};

/* ---- small things ---- */

static void rejection_free(struct rejection *rejection) {
    if (!rejection)
        return;
    free(rejection->id);
    free(rejection->code);
    free(rejection->field);
    free(rejection->message);
    free(rejection);
}

static struct batch *batch_at(struct publisher *p, size_t index) {
    return &p->batches[(p->head + index) % (p->options->in_flight + 1)];
}

static void batch_reset(struct batch *batch) {
    for (size_t i = 0; i < batch->n; i++)
        rejection_free(batch->items[i].rejection);
    buf_reset(&batch->text);
    *batch = (struct batch){.text = batch->text, .items = batch->items, .limit = SIZE_MAX};
}

static bool batch_has(const struct batch *batch, enum item_state state) {
    for (size_t i = 0; i < batch->n; i++)
        if (batch->items[i].state == state)
            return true;
    return false;
}

static struct rejection *rejection_new(struct str id, struct str code, struct str field,
                                       struct str message) {
    struct rejection *rejection = calloc(1, sizeof *rejection);
    if (!rejection)
        abort();
    *rejection =
        (struct rejection){str_keep(id), str_keep(code), str_keep(field), str_keep(message), false};
    return rejection;
}

static void item_reject(struct item *item, struct rejection *rejection) {
    rejection_free(item->rejection);
    item->rejection = rejection;
    item->state = ITEM_REJECTED;
}

/* ---- the socket ---- */

static void socket_close(struct publisher *p) {
    if (p->socket)
        zmq_socket_monitor(p->socket, NULL, 0);
    if (p->monitor)
        zmq_close(p->monitor);
    if (p->socket)
        zmq_close(p->socket);
    p->socket = p->monitor = NULL;
}

/* The monitor tells when the daemon goes away, so that nobody waits for answers that cannot come.
 */
static int socket_open(struct publisher *p) {
    int code = client_socket(p->client, CLIENT_INGEST, ZMQ_DEALER, &p->socket);
    if (code != DONE)
        return code;
    int zero = 0;
    zmq_socket_monitor(p->socket, MONITOR_ADDRESS, ZMQ_EVENT_DISCONNECTED);
    p->monitor = zmq_socket(p->client->context, ZMQ_PAIR);
    if (!p->monitor || zmq_connect(p->monitor, MONITOR_ADDRESS) != 0)
        return complain(UNREACHABLE, _("no socket could be made: %s."), zmq_strerror(zmq_errno()));
    zmq_setsockopt(p->monitor, ZMQ_LINGER, &zero, sizeof zero);
    return DONE;
}

static void back_off(struct publisher *p, const char *waiting) {
    p->recovering = true;
    p->waiting = waiting;
    p->resume_us = now_us() + p->backoff_ms * 1000;
    p->backoff_ms = p->backoff_ms * 2 < BACKOFF_MOST_MS ? p->backoff_ms * 2 : BACKOFF_MOST_MS;
}

/* Whatever is on its way may be lost: all of it is sent again over a new socket. */
static int socket_renew(struct publisher *p) {
    for (size_t i = 0; i < p->count; i++) {
        struct batch *batch = batch_at(p, i);
        batch->ticket = 0;
        for (size_t k = 0; k < batch->n; k++)
            if (batch->items[k].state == ITEM_SENT)
                batch->items[k].state = ITEM_WAITING;
    }
    socket_close(p);
    p->refusing = false;
    back_off(p, _("waiting for the daemon"));
    return socket_open(p);
}

/* ---- sending ---- */

static void batch_send(struct publisher *p, struct batch *batch) {
    struct buf body = {0};
    size_t n = 0;
    buf_put_byte(&body, '[');
    for (size_t i = 0; i < batch->n && n < batch->limit; i++) {
        struct item *item = &batch->items[i];
        if (item->state != ITEM_WAITING)
            continue;
        if (n > 0 && body.size + item->size > MESSAGE_BYTES)
            break; /* the rest goes with the next message */
        if (n++)
            buf_put_byte(&body, ',');
        buf_put(&body, batch->text.data + item->offset, item->size);
        item->state = ITEM_SENT;
    }
    buf_put_byte(&body, ']');
    if (n > 0) {
        batch->ticket = ++p->last_ticket;
        batch->sent_us = now_us();
        /* A message that finds no room is lost like any other: its time runs out. */
        if (zmq_send(p->socket, &batch->ticket, sizeof batch->ticket, ZMQ_SNDMORE | ZMQ_DONTWAIT) >=
            0) {
            zmq_send(p->socket, "", 0, ZMQ_SNDMORE);
            zmq_send(p->socket, body.data, body.size, 0);
        }
    }
    buf_deinit(&body);
}

/* Lines that are no JSON objects never travel. */
static void item_check(struct publisher *p, struct item *item, struct str text) {
    struct dom_value value;
    const char *message = NULL;
    size_t offset = 0;
    if (text.size == 0) {
        item_reject(item, rejection_new(STR_NONE, STR("too_large"), STR_NONE,
                                        STR("the line is longer than any event may be")));
    } else if (dom_parse(p->parser, text, &value, &message, &offset) != 0) {
        char sentence[256];
        snprintf(sentence, sizeof sentence, "%.200s (byte %zu)", message ? message : "no JSON",
                 offset + 1);
        item_reject(item,
                    rejection_new(STR_NONE, STR("malformed_json"), STR_NONE, str_from(sentence)));
    } else if (dom_type(value) != DOM_OBJECT) {
        item_reject(item, rejection_new(STR_NONE, STR("not_an_event"), STR_NONE,
                                        STR("each line holds one event, a JSON object")));
    }
}

static bool batch_is_full(const struct publisher *p, const struct batch *batch) {
    return batch->n >= p->options->batch || batch->text.size >= MESSAGE_BYTES;
}

/* Takes events until the batch is full or the source has none. */
static void batch_fill(struct publisher *p, struct batch *batch) {
    while (p->source_state != SOURCE_END && !batch_is_full(p, batch)) {
        struct str event;
        uint64_t line;
        p->source_state = p->source->next(p->source->self, &event, &line);
        if (p->source_state != SOURCE_EVENT)
            return;
        struct item *item = &batch->items[batch->n++];
        *item = (struct item){.offset = batch->text.size, .size = event.size, .line = line};
        item_check(p, item, event);
        buf_put_str(&batch->text, event);
    }
}

static void window_fill(struct publisher *p) {
    while (!p->recovering && p->count < p->options->in_flight) {
        struct batch *batch = batch_at(p, p->count);
        batch_fill(p, batch);
        if (batch->n == 0)
            return;
        p->count++;
        batch_send(p, batch);
        if (p->source_state != SOURCE_EVENT)
            return;
    }
}

/* ---- answers ---- */

static bool is_refusing(const struct result *result) {
    return str_equal(result->code, STR("busy")) || str_equal(result->code, STR("read_only"));
}

static const char *waiting_text(const struct result *result) {
    return str_equal(result->code, STR("busy")) ? _("the daemon is busy")
                                                : _("the daemon is read only");
}

static void item_settle(struct publisher *p, struct item *item, const struct result *result) {
    bool stored = str_equal(result->status, STR("stored"));
    if (stored || str_equal(result->status, STR("duplicate"))) {
        item->state = stored ? ITEM_STORED : ITEM_DUPLICATE;
        p->counts->decisions += stored ? result->n_decisions : 0;
        if (result->sequence > p->counts->highest_sequence)
            p->counts->highest_sequence = result->sequence;
    } else if (is_refusing(result)) {
        item->state = ITEM_WAITING;
        p->refusing = true;
        back_off(p, waiting_text(result));
        return;
    } else {
        item_reject(item, rejection_new(result->id, result->code, result->field, result->message));
        item->rejection->retryable = result->retryable;
        if (result->retryable)
            item->state = ITEM_DOUBTFUL;
    }
    p->progress_us = now_us();
    p->backoff_ms = BACKOFF_LEAST_MS;
    p->refusing = false;
    p->waiting = NULL;
}

/* The daemon refused the message as a whole: half as many at a time, until the one to blame is
 * alone. */
static void batch_refused(struct publisher *p, struct batch *batch, const struct result *problem) {
    size_t n_sent = 0;
    struct item *first = NULL;
    for (size_t i = 0; i < batch->n; i++) {
        if (batch->items[i].state != ITEM_SENT)
            continue;
        first = first ? first : &batch->items[i];
        batch->items[i].state = ITEM_WAITING;
        n_sent++;
    }
    p->recovering = true;
    if (is_refusing(problem)) {
        p->refusing = true;
        back_off(p, waiting_text(problem));
    } else if (n_sent == 1) {
        item_settle(p, first, problem);
    } else {
        batch->limit = n_sent / 2;
    }
}

static int batch_answered(struct publisher *p, struct batch *batch, struct str body) {
    struct acknowledgement answer;
    struct result result;
    enum acknowledgement_kind kind = acknowledgement_read(p->parser, body, &answer);
    if (kind == ACKNOWLEDGEMENT_REFUSAL) {
        batch->ticket = 0;
        batch_refused(p, batch, &answer.refusal);
        return DONE;
    }
    if (kind == ACKNOWLEDGEMENT_GARBLED)
        return complain(REFUSED, _("the daemon's acknowledgement cannot be read; what was sent "
                                   "with it may be stored or not. Publish it again."));
    for (size_t i = 0; i < batch->n; i++) {
        if (batch->items[i].state != ITEM_SENT)
            continue;
        if (!acknowledgement_next(&answer, &result))
            return complain(REFUSED, _("the daemon acknowledged fewer events than it was sent."));
        if (result.status.size == 0)
            return complain(REFUSED, _("the daemon acknowledged an event without saying how."));
        item_settle(p, &batch->items[i], &result);
    }
    batch->ticket = 0; /* from here on it can settle */
    if (batch_has(batch, ITEM_WAITING))
        p->recovering = true;
    return DONE;
}

static int answers_take(struct publisher *p) {
    int code = DONE;
    while (code == DONE) {
        uint64_t ticket = 0;
        zmq_msg_t frame;
        zmq_msg_init(&frame);
        int more = zmq_msg_recv(&frame, p->socket, ZMQ_DONTWAIT) >= 0 ? 1 : 0;
        if (!more) {
            zmq_msg_close(&frame);
            return DONE;
        }
        if (zmq_msg_size(&frame) == sizeof ticket)
            memcpy(&ticket, zmq_msg_data(&frame), sizeof ticket);
        while (zmq_msg_more(&frame) && zmq_msg_recv(&frame, p->socket, ZMQ_DONTWAIT) >= 0)
            ;
        for (size_t i = 0; i < p->count && ticket; i++) {
            struct batch *batch = batch_at(p, i);
            if (batch->ticket != ticket)
                continue; /* or the late answer to a message that was sent again since */
            code =
                batch_answered(p, batch, (struct str){zmq_msg_data(&frame), zmq_msg_size(&frame)});
            break;
        }
        zmq_msg_close(&frame);
    }
    return code;
}

/* ---- settling ---- */

static void item_count(struct publisher *p, const struct item *item) {
    struct publish_counts *counts = p->counts;
    counts->last_line = item->line;
    if (item->state == ITEM_STORED)
        counts->stored++;
    else if (item->state == ITEM_DUPLICATE)
        counts->duplicate++;
    else {
        counts->rejected++;
        p->watcher->rejected(p->watcher->self, item->line, item->rejection);
    }
}

static void window_settle(struct publisher *p) {
    while (p->count > 0) {
        struct batch *batch = batch_at(p, 0);
        if (batch->ticket || batch_has(batch, ITEM_WAITING))
            return;
        uint64_t rejected = p->counts->rejected;
        for (size_t i = 0; i < batch->n; i++)
            item_count(p, &batch->items[i]);
        batch_reset(batch);
        p->head = (p->head + 1) % (p->options->in_flight + 1);
        p->count--;
        p->watcher->settled(p->watcher->self, p->counts, NULL);
        if (p->options->stop_at_error && p->counts->rejected > rejected)
            p->source_state = SOURCE_END;
    }
}

static bool any_on_its_way(struct publisher *p) {
    for (size_t i = 0; i < p->count; i++)
        if (batch_at(p, i)->ticket)
            return true;
    return false;
}

/* In order: what waits, and what was refused because of something that waits before it. */
static void window_resend(struct publisher *p) {
    if (any_on_its_way(p) || now_us() < p->resume_us)
        return;
    bool disturbed = false;
    p->recovering = false;
    for (size_t i = 0; i < p->count; i++) {
        struct batch *batch = batch_at(p, i);
        for (size_t k = 0; k < batch->n; k++) {
            struct item *item = &batch->items[k];
            if (item->state == ITEM_DOUBTFUL && disturbed)
                item->state = ITEM_WAITING;
            disturbed = disturbed || item->state == ITEM_WAITING;
        }
        batch_send(p, batch);
    }
}

/* ---- the loop ---- */

static bool time_is_out(struct publisher *p) {
    for (size_t i = 0; i < p->count; i++) {
        struct batch *batch = batch_at(p, i);
        if (batch->ticket && now_us() - batch->sent_us > p->options->timeout_ms * 1000)
            return true;
    }
    return false;
}

static bool peer_has_gone(struct publisher *p) {
    bool gone = false;
    char event[256];
    while (zmq_recv(p->monitor, event, sizeof event, ZMQ_DONTWAIT) >= 0)
        gone = true;
    return gone;
}

static int patience_check(struct publisher *p) {
    if (now_us() - p->progress_us < p->options->patience_ms * 1000)
        return DONE;
    if (p->refusing && p->waiting)
        return complain(REFUSED,
                        _("gave up: %s for too long. Everything up to line %llu is "
                          "settled; publish the same file again to go on."),
                        p->waiting, (unsigned long long)p->counts->last_line);
    return complain(UNREACHABLE,
                    _("gave up: the daemon does not answer. Everything up to line %llu "
                      "is settled; publish the same file again to go on."),
                    (unsigned long long)p->counts->last_line);
}

static void wait_for_news(struct publisher *p) {
    bool room = p->count < p->options->in_flight && !p->recovering;
    bool source_waits = room && p->source_state == SOURCE_WAIT && p->source->fd >= 0;
    zmq_pollitem_t polled[] = {{.socket = p->socket, .events = ZMQ_POLLIN},
                               {.socket = p->monitor, .events = ZMQ_POLLIN},
                               {.fd = p->source->fd, .events = ZMQ_POLLIN}};
    int64_t until_resume_ms = (p->resume_us - now_us()) / 1000 + 1;
    long wait_ms = POLL_MS;
    if (p->recovering && !any_on_its_way(p) && until_resume_ms < wait_ms)
        wait_ms = until_resume_ms > 0 ? (long)until_resume_ms : 0;
    zmq_poll(polled, source_waits ? 3 : 2, wait_ms);
}

static int publisher_step(struct publisher *p) {
    if (p->recovering)
        window_resend(p);
    if (!p->recovering)
        window_fill(p);
    if (p->count == 0)
        p->progress_us = now_us(); /* a silent source is no reason to give up */
    wait_for_news(p);
    int code = answers_take(p);
    if (code == DONE && (peer_has_gone(p) || time_is_out(p)))
        code = socket_renew(p);
    window_settle(p);
    if (p->waiting && p->recovering)
        p->watcher->settled(p->watcher->self, p->counts, p->waiting);
    if (interrupt_came())
        code = complain(REFUSED,
                        _("stopped. Everything up to line %llu is settled; publish the "
                          "same file again to go on."),
                        (unsigned long long)p->counts->last_line);
    return code == DONE && p->count > 0 ? patience_check(p) : code;
}

static void publisher_deinit(struct publisher *p) {
    for (size_t i = 0; i <= p->options->in_flight; i++) {
        batch_reset(&p->batches[i]);
        buf_deinit(&p->batches[i].text);
        free(p->batches[i].items);
    }
    free(p->batches);
    dom_parser_free(p->parser);
    socket_close(p);
}

static void publisher_init(struct publisher *p) {
    p->parser = dom_parser_new();
    p->batches = calloc(p->options->in_flight + 1, sizeof *p->batches);
    if (!p->parser || !p->batches)
        abort();
    for (size_t i = 0; i <= p->options->in_flight; i++) {
        p->batches[i].limit = SIZE_MAX;
        p->batches[i].items = calloc(p->options->batch, sizeof *p->batches[i].items);
        if (!p->batches[i].items)
            abort();
    }
}

int publisher_run(struct client *client, const struct publish_options *options,
                  const struct event_source *source, const struct publish_watcher *watcher,
                  struct publish_counts *ret_counts) {
    *ret_counts = (struct publish_counts){0};
    struct publisher p = {.client = client,
                          .options = options,
                          .source = source,
                          .watcher = watcher,
                          .counts = ret_counts,
                          .backoff_ms = BACKOFF_LEAST_MS,
                          .progress_us = now_us()};
    int64_t started_us = now_us();
    int code = client_reach(client, CLIENT_INGEST);
    if (code != DONE)
        return code;
    publisher_init(&p);
    interrupt_hold();
    code = socket_open(&p);
    while (code == DONE && (p.count > 0 || p.source_state != SOURCE_END))
        code = publisher_step(&p);
    ret_counts->seconds = (double)(now_us() - started_us) / 1e6;
    publisher_deinit(&p);
    return code;
}
