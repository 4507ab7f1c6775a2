/* What a plugin's process says, frame by frame: nothing in it is believed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plugin/keeper_parts.h"

#define ERROR_LINE_LIMIT 4096
#define HELLO_TEXTS 32
#define HELLO_TEXT_BYTES 200

static json_t *object_of(struct str body) {
    json_t *json = json_loadb(body.data, body.size, JSON_REJECT_DUPLICATES, NULL);
    if (json_is_object(json))
        return json;
    json_decref(json);
    return NULL;
}

/* A few short texts, whatever was sent. */
static json_t *texts_of(const json_t *list) {
    json_t *texts = json_array();
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item) {
        if (i < HELLO_TEXTS && json_string_length(item) > 0 &&
            json_string_length(item) <= HELLO_TEXT_BYTES)
            json_array_append(texts, item);
    }
    return texts;
}

static void tell_box(struct keeper *self, const json_t *box, const json_t *unboxed) {
    struct buf text = {0};
    size_t i;
    json_t *item;
    json_array_foreach(box, i, item) {
        buf_printf(&text, "%s%s", i ? ", " : "", json_string_value(item));
    }
    plugin_log_note(self->log, LOG_LEVEL_INFO, "box: %.*s", (int)text.size,
                    text.size ? text.data : "");
    buf_deinit(&text);
    json_array_foreach(unboxed, i, item) {
        plugin_log_note(self->log, LOG_LEVEL_WARNING, "not in the box: %s",
                        json_string_value(item));
    }
}

static int take_hello(struct keeper *self, const struct frame *frame) {
    json_t *hello = object_of(frame->body);
    if (!hello || self->shown.state != KEEPER_STARTING) {
        bool stops = hello && self->shown.state == KEEPER_STOPPING;
        json_decref(hello);
        return stops ? 0 : -EBADMSG;
    }
    json_t *box = texts_of(json_object_get(hello, "box"));
    json_t *unboxed = texts_of(json_object_get(hello, "unboxed"));
    json_decref(hello);
    tell_box(self, box, unboxed);
    pthread_mutex_lock(&self->lock);
    json_decref(self->shown.box);
    json_decref(self->shown.unboxed);
    self->shown.box = box;
    self->shown.unboxed = unboxed;
    pthread_mutex_unlock(&self->lock);
    return 0;
}

static int take_started(struct keeper *self, const struct frame *frame) {
    if (self->shown.state != KEEPER_STARTING)
        return self->shown.state == KEEPER_STOPPING ? 0 : -EBADMSG;
    json_t *started = object_of(frame->body);
    if (!started)
        return -EBADMSG;
    int result = feed_open(self, started);
    json_decref(started);
    if (result == 0)
        keeper_started(self);
    return result > 0 ? 0 : result;
}

static int take_failed(struct keeper *self, const struct frame *frame) {
    json_t *failed = object_of(frame->body);
    const char *message = json_string_value(json_object_get(failed, "message"));
    snprintf(self->last_words, sizeof self->last_words, "did not start: %s",
             message ? message : "it did not say why");
    json_decref(failed);
    return 0;
}

/* Numbers, as many as it declares, whatever was sent. */
static json_t *numbers_of(const struct keeper *self, const json_t *list) {
    const json_t *declaration = json_object_get(self->inspection, "declaration");
    size_t n = json_array_size(json_object_get(declaration, "counters"));
    json_t *numbers = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(numbers, json_integer(json_integer_value(json_array_get(list, i))));
    return numbers;
}

static int take_beat(struct keeper *self, const struct frame *frame) {
    json_t *beat = object_of(frame->body);
    if (!beat)
        return -EBADMSG;
    json_t *numbers = numbers_of(self, json_object_get(beat, "counters"));
    json_decref(beat);
    pthread_mutex_lock(&self->lock);
    json_decref(self->shown.counters);
    self->shown.counters = numbers;
    pthread_mutex_unlock(&self->lock);
    return 0;
}

static int take_log(struct keeper *self, const struct frame *frame) {
    if (frame->body.size < 1)
        return -EBADMSG;
    struct str line = {frame->body.data + 1, frame->body.size - 1};
    plugin_log_put(self->log, (enum log_level)(uint8_t)frame->body.data[0], line);
    return 0;
}

static int take_frame(struct keeper *self, const struct frame *frame) {
    switch (frame->kind) {
    case FRAME_HELLO:
        return take_hello(self, frame);
    case FRAME_STARTED:
        return take_started(self, frame);
    case FRAME_FAILED:
        return take_failed(self, frame);
    case FRAME_BEAT:
        return take_beat(self, frame);
    case FRAME_LOG:
        return take_log(self, frame);
    case FRAME_PUBLISH:
        publishing_take(self, frame->number, frame->body);
        return 0;
    case FRAME_ASK:
    case FRAME_GET_MANY:
    case FRAME_SNAPSHOT_BEGIN:
    case FRAME_SNAPSHOT_END:
        asking_take(self, frame);
        return 0;
    case FRAME_TAKEN:
        return feed_taken(self, frame->number);
    case FRAME_CALL_ANSWER:
        calls_take_answer(self, frame->number, frame->body);
        return 0;
    case FRAME_STOPPED:
        return 0;
    default:
        return -EBADMSG;
    }
}

void keeper_take_frames(struct keeper *self) {
    struct frame frame;
    bool alive = self->process.pid != 0;
    if (self->channel.fd < 0 || self->closed_us)
        return;
    int read = channel_read(&self->channel);
    int result = 0;
    while (result == 0 && !publishing_is_full(self) && !keeper_is_unheard(self)) {
        result = channel_take(&self->channel, &frame);
        if (result != 0)
            break;
        self->heard_us = self->now_us;
        result = take_frame(self, &frame);
        if (self->channel.fd < 0 || (alive && !self->process.pid))
            return; /* it was ended over this frame */
    }
    if (result < 0)
        keeper_end_process(self, "wrote what is no frame of this protocol (%s)",
                           strerrorname_np(-result));
    else if (read != 0)
        self->closed_us = self->now_us;
}

/* ---- stderr ---- */

void keeper_take_errors(struct keeper *self, bool last) {
    struct buf *text = &self->error_text;
    if (self->process.errors < 0)
        return;
    if (process_read(self->process.errors, text) == PROCESS_CLOSED) {
        close(self->process.errors);
        self->process.errors = -1;
    }
    struct str left = buf_str(text);
    while (left.size) {
        const char *newline = memchr(left.data, '\n', left.size);
        if (!newline && !last && left.size < ERROR_LINE_LIMIT)
            break;
        size_t size = newline ? (size_t)(newline - left.data) : left.size;
        plugin_log_put(self->log, LOG_LEVEL_WARNING, (struct str){left.data, size});
        left = (struct str){left.data + size + (newline != NULL),
                            left.size - size - (newline != NULL)};
    }
    if (left.size)
        memmove(text->data, left.data, left.size);
    text->size = left.size;
}
