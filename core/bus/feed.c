#include "bus/feed.h"

#include <assert.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <zmq.h>

#include "bus/ack.h"
#include "event/event.h"
#include "util/calendar.h"
#include "util/log.h"
#include "util/memory.h"

/* What subscribers asked for, so that nothing is rendered for nobody; the socket alone says who
 * gets what. A peer can grow it, so beyond the limit everything is rendered. */
#define TOPIC_LIMIT 256
#define TOPIC_BYTES 64

struct topic {
    uint32_t subscribers;
    uint8_t size;
    char prefix[TOPIC_BYTES];
};

struct feed {
    struct feed_options options;
    struct journal_reader *reader; /* NULL while nobody listens */
    uint64_t at;                   /* the last sequence published or passed over */
    struct arena arena;
    struct buf text;
    size_t n_topics;
    struct topic topics[TOPIC_LIMIT];
    uint64_t n_unlisted; /* subscriptions that stand in no topic */
    atomic_uint_fast64_t published, subscriptions;
};

struct feed *feed_new(const struct feed_options *options) {
    struct feed *self = calloc(1, sizeof *self);
    if (!self)
        memory_out();
    self->options = *options;
    arena_init(&self->arena);
    self->at = journal_head(options->journal).sequence;
    return self;
}

void feed_free(struct feed *feed) {
    if (!feed)
        return;
    if (feed->reader)
        journal_reader_close(feed->reader);
    arena_deinit(&feed->arena);
    buf_deinit(&feed->text);
    free(feed);
}

/* ---- subscriptions ---- */

static struct topic *topic_find(struct feed *self, struct str prefix) {
    for (size_t i = 0; i < self->n_topics; i++)
        if (str_equal((struct str){self->topics[i].prefix, self->topics[i].size}, prefix))
            return &self->topics[i];
    return NULL;
}

static void subscribe(struct feed *self, struct str prefix) {
    struct topic *topic = topic_find(self, prefix);
    self->subscriptions++;
    if (!topic && (self->n_topics == TOPIC_LIMIT || prefix.size > TOPIC_BYTES)) {
        self->n_unlisted++;
        return;
    }
    if (!topic) {
        topic = &self->topics[self->n_topics++];
        *topic = (struct topic){.size = (uint8_t)prefix.size};
        if (prefix.size)
            memcpy(topic->prefix, prefix.data, prefix.size);
    }
    topic->subscribers++;
}

/* The socket passes on whatever a peer ends, also what it never began and others still have: only
 * when the socket itself ends a subscription, for a connection that is gone, is there one less. */
static void unsubscribe(struct feed *self, struct str prefix, bool by_peer) {
    struct topic *topic = topic_find(self, prefix);
    self->subscriptions -= self->subscriptions > 0;
    if (by_peer)
        return;
    if (!topic) {
        self->n_unlisted -= self->n_unlisted > 0;
        return;
    }
    if (--topic->subscribers == 0)
        *topic = self->topics[--self->n_topics];
}

bool feed_receive(struct feed *feed, size_t limit) {
    const struct io *io = feed->options.io;
    zmq_msg_t message;
    zmq_msg_init(&message);
    bool more;
    size_t n = 0;
    for (; n < limit; n++) {
        if (io->receive(io->self, feed->options.socket, &message, &more) != 1)
            break;
        struct str frame = {zmq_msg_data(&message), zmq_msg_size(&message)};
        if (frame.size == 0)
            continue;
        struct str prefix = {frame.data + 1, frame.size - 1};
        if (frame.data[0] == 1)
            subscribe(feed, prefix);
        else if (frame.data[0] == 0)
            unsubscribe(feed, prefix, zmq_msg_gets(&message, "Socket-Type") != NULL);
    }
    zmq_msg_close(&message);
    return n == limit;
}

static bool is_wanted(const struct feed *self, struct str type) {
    for (size_t i = 0; i < self->n_topics; i++)
        if (str_starts_with(type, (struct str){self->topics[i].prefix, self->topics[i].size}))
            return true;
    return self->n_unlisted > 0;
}

/* ---- publishing ---- */

static void send_frames(struct feed *self, struct str type) {
    const struct io *io = self->options.io;
    int result = io->send(io->self, self->options.socket, type.data, type.size, true);
    if (result == 0)
        result = io->send(io->self, self->options.socket, self->text.data, self->text.size, false);
    if (result == 0)
        self->published++;
}

static void publish_record(struct feed *self, struct str record) {
    struct event event;
    arena_reset(&self->arena);
    if (event_decode(record, &self->arena, &event) != 0) {
        log_error("feed: record %" PRIu64 " of the journal does not decode", self->at);
        return;
    }
    event.sequence = self->at;
    if (!is_wanted(self, str_from(event.type->name)))
        return;
    buf_reset(&self->text);
    event_to_json(&event, str_from(self->options.region), &self->text);
    send_frames(self, str_from(event.type->name));
}

static void rest(struct feed *self) {
    if (self->reader)
        journal_reader_close(self->reader);
    self->reader = NULL;
    self->at = journal_head(self->options.journal).sequence;
}

bool feed_publish(struct feed *feed, size_t limit) {
    if (feed->n_topics == 0 && feed->n_unlisted == 0) {
        rest(feed);
        return false;
    }
    if (!feed->reader && journal_reader_open(feed->options.journal, feed->at, &feed->reader) != 0) {
        feed->reader = NULL;
        return false;
    }
    for (size_t i = 0; i < limit; i++) {
        struct str record;
        int result = journal_reader_next(feed->reader, &record, &feed->at);
        if (result == JOURNAL_END)
            return false;
        if (result != 0) {
            rest(
                feed); /* the reader has said why; who listens sees the gap and reads the journal */
            return false;
        }
        publish_record(feed, record);
    }
    return true;
}

void feed_heartbeat(struct feed *feed) {
    if (!is_wanted(feed, STR("feed.heartbeat")))
        return;
    struct journal_head head = journal_head(feed->options.journal);
    const struct io *io = feed->options.io;
    char epoch[20], time[40];
    epoch_format(head.epoch, epoch);
    time_format(io->now_us(io->self), 0, time);
    buf_reset(&feed->text);
    buf_printf(&feed->text,
               "{\"specversion\":\"1.0\",\"id\":\"heartbeat-%" PRIu64
               "\",\"source\":\"/volunteerd/%s\","
               "\"type\":\"feed.heartbeat\",\"time\":\"%s\",\"data\":{\"sequence\":%" PRIu64
               ",\"epoch\":\"%s\"}}",
               head.sequence, feed->options.region, time, head.sequence, epoch);
    send_frames(feed, STR("feed.heartbeat"));
}

void feed_counters(struct feed *feed, struct feed_counters *ret_counters) {
    *ret_counters = (struct feed_counters){feed->published, feed->subscriptions};
}
