/* The journal's events on their way to a plugin: in order, as many frames ahead as it has taken
 * before, from a cursor that is kept on disk. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/keeper_parts.h"
#include "util/error.h"

#define SCAN_LIMIT 20000               /* records passed over before the channel has its turn */
#define KEEP_US (INT64_C(100) * 1000)  /* between two writes of the cursor */
#define SYNC_US (INT64_C(1) * 1000000) /* between two syncs */
#define WAITING_LIMIT (2 * EVENTS_FRAME_BYTES) /* that its process has not read */

/* ---- where it begins ---- */

static void read_wants(struct keeper *self) {
    struct plugin_feed *feed = &self->feed;
    const json_t *wants =
        json_object_get(json_object_get(self->inspection, "declaration"), "wants");
    size_t i;
    json_t *item;
    memset(feed->wanted, 0, sizeof feed->wanted);
    feed->follows = false;
    json_array_foreach(wants, i, item) {
        const char *name = json_string_value(item);
        const struct event_type *type = name ? catalogue_find(str_from(name)) : NULL;
        bool all = name && !strcmp(name, "*");
        feed->follows = feed->follows || all || type;
        if (all)
            memset(feed->wanted, true, sizeof feed->wanted);
        else if (type && type->number < EVENT_NUMBERS)
            feed->wanted[type->number] = true;
        else if (name)
            plugin_log_note(self->log, LOG_LEVEL_WARNING,
                            "wants events of type %s, which this daemon does not have", name);
    }
}

/* What it says itself, else what was kept, else the journal's end. A cursor of another journal, or
 * of one that was longer, is worth nothing: everything comes again, which does no harm to who
 * publishes with ids that follow from the cause. */
static int find_place(struct keeper *self, const json_t *started, uint64_t *ret_after) {
    struct plugin_feed *feed = &self->feed;
    struct journal_head head = journal_head(self->options.services->journal);
    const json_t *follow = json_object_get(started, "follow");
    struct cursor_place place = {0};
    char path[4200];
    snprintf(path, sizeof path, "%s/cursor", self->folder);
    int result = cursor_file_open(self->io, path, &feed->cursor, &place);
    if (result < 0)
        return result;
    bool kept = result == 0;
    uint64_t after = kept ? place.sequence : head.sequence;
    if (json_is_integer(follow))
        after = (uint64_t)json_integer_value(follow);
    if ((kept && place.epoch != head.epoch) || after > head.sequence) {
        plugin_log_note(self->log, LOG_LEVEL_WARNING,
                        "its cursor (%" PRIu64 ") is of another journal, or the journal was "
                        "restored: it is given all events from the start again",
                        after);
        after = 0;
    }
    feed->kept = kept && place.epoch == head.epoch ? place.sequence : UINT64_MAX;
    *ret_after = after;
    return 0;
}

static void show_place(struct keeper *self) {
    pthread_mutex_lock(&self->lock);
    self->shown.cursor = self->feed.taken;
    pthread_mutex_unlock(&self->lock);
}

int feed_open(struct keeper *self, const json_t *started) {
    struct plugin_feed *feed = &self->feed;
    uint64_t after = 0;
    read_wants(self);
    pthread_mutex_lock(&self->lock);
    self->shown.follows = feed->follows;
    pthread_mutex_unlock(&self->lock);
    if (!feed->follows)
        return 0;
    int result = find_place(self, started, &after);
    if (result == 0)
        result = journal_reader_open(self->options.services->journal, after, &feed->reader);
    if (result != 0) {
        keeper_end_process(self, result == JOURNAL_NOT_THERE
                                     ? "needs events that are in the archive"
                                     : "cannot be given events: the daemon's log says why");
        return 1;
    }
    feed->sent = feed->taken = after;
    feed->n_ahead = 0;
    show_place(self);
    feed_keep(self, true);
    return 0;
}

void feed_close(struct keeper *self) {
    struct plugin_feed *feed = &self->feed;
    if (feed->follows)
        feed_keep(self, true);
    journal_reader_close(feed->reader);
    feed->reader = NULL;
    feed->follows = false;
    feed->n_ahead = 0;
    cursor_file_close(&feed->cursor);
}

/* ---- sending ---- */

static void put_event(struct keeper *self, const struct event *event) {
    struct buf *out = &self->channel.out;
    struct str type = str_from(event->type->name);
    size_t begun = out->size;
    buf_put_u64(out, event->sequence);
    buf_put_u64(out, event->cause);
    buf_put_u64(out, (uint64_t)(event->has_time ? event->time.us : event->recorded_us));
    buf_put_u64(out, (uint64_t)event->recorded_us);
    buf_put_u32(out, 0);
    buf_put_u16(out, (uint16_t)type.size);
    buf_put_str(out, type);
    buf_put_byte(out, '\0');
    size_t before = out->size;
    event_to_json(event, str_from(self->options.services->region), out);
    uint32_t size = htole32((uint32_t)(out->size - before));
    memcpy(out->data + begun + EVENT_JSON_SIZE_AT, &size, sizeof size);
    buf_put_byte(out, '\0');
}

/* 0 where the journal has more, JOURNAL_END, < 0. */
static int read_one(struct keeper *self, size_t *n_events) {
    struct plugin_feed *feed = &self->feed;
    struct str record;
    struct event event;
    uint64_t sequence;
    int result = journal_reader_next(feed->reader, &record, &sequence);
    if (result != 0)
        return result;
    arena_reset(&feed->arena);
    if (event_decode(record, &feed->arena, &event) != 0)
        return -EBADMSG;
    event.sequence = feed->sent = sequence;
    if (feed->wanted[event.type->number]) {
        put_event(self, &event);
        (*n_events)++;
    }
    return 0;
}

/* One frame. 0 where there may be more, JOURNAL_END, < 0. */
static int send_frame(struct keeper *self) {
    struct plugin_feed *feed = &self->feed;
    size_t n_events = 0, n_read = 0;
    size_t begun = channel_begin(&self->channel, FRAME_EVENTS, 0);
    int result = 0;
    while (result == 0 && n_events < EVENTS_FRAME_EVENTS && n_read++ < SCAN_LIMIT &&
           self->channel.out.size - begun < EVENTS_FRAME_BYTES)
        result = read_one(self, &n_events);
    if (n_events == 0) {
        self->channel.out.size = begun; /* there is nothing to tell */
        if (feed->n_ahead == 0)
            feed->taken = feed->sent;
        return result;
    }
    uint64_t last = htole64(feed->sent);
    memcpy(self->channel.out.data + begun + 8, &last, sizeof last);
    channel_end(&self->channel, begun);
    feed->ahead[feed->n_ahead++] = feed->sent;
    feed->head_told = feed->sent;
    return result;
}

bool feed_send(struct keeper *self) {
    struct plugin_feed *feed = &self->feed;
    int result = 0;
    if (!feed->reader || self->shown.state != KEEPER_RUNNING)
        return false;
    /* As much as it takes, and no more than it has room for: the rest waits in the journal. */
    for (size_t i = 0; i < EVENTS_FRAMES_AHEAD && result == 0; i++) {
        if (feed->n_ahead == EVENTS_FRAMES_AHEAD || channel_waiting(&self->channel) > WAITING_LIMIT)
            return false;
        result = send_frame(self);
    }
    if (result < 0) {
        error_note(result, "events for a plugin");
        keeper_end_process(self, "cannot be given events: the journal could not be read");
    }
    return result == 0;
}

bool feed_waits(const struct keeper *self) {
    return self->process.pid && self->feed.reader && self->shown.state == KEEPER_RUNNING &&
           self->feed.n_ahead < EVENTS_FRAMES_AHEAD &&
           channel_waiting(&self->channel) <= WAITING_LIMIT;
}

/* Events say it well enough to who gets any. */
void feed_tell_head(struct keeper *self) {
    uint64_t head = journal_head(self->options.services->journal).sequence;
    if (self->shown.state != KEEPER_RUNNING || head == self->feed.head_told)
        return;
    self->feed.head_told = head;
    channel_put(&self->channel, FRAME_HEAD, head, STR(""));
}

/* ---- what was taken ---- */

int feed_taken(struct keeper *self, uint64_t sequence) {
    struct plugin_feed *feed = &self->feed;
    if (!feed->reader || sequence < feed->taken)
        return 0;
    if (sequence > feed->sent)
        return -EBADMSG;
    size_t n = 0;
    while (n < feed->n_ahead && feed->ahead[n] <= sequence)
        n++;
    feed->n_ahead -= n;
    memmove(feed->ahead, feed->ahead + n, feed->n_ahead * sizeof *feed->ahead);
    /* Behind the last frame there may be what it did not want. */
    feed->taken = feed->n_ahead ? sequence : feed->sent;
    return 0;
}

void feed_keep(struct keeper *self, bool now) {
    struct plugin_feed *feed = &self->feed;
    if (feed->cursor.fd < 0)
        return;
    if (feed->taken != feed->kept && (now || self->now_us - feed->kept_us >= KEEP_US)) {
        const struct cursor_place place = {journal_head(self->options.services->journal).epoch,
                                           feed->taken};
        feed->kept_us = self->now_us;
        if (cursor_file_write(&feed->cursor, &place) == 0)
            feed->kept = feed->taken;
        show_place(self);
    }
    if (now || self->now_us - feed->synced_us >= SYNC_US) {
        feed->synced_us = self->now_us;
        (void)cursor_file_sync(&feed->cursor);
    }
}
