/* Frames that go out and come in, and the one wait for an answer. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "plugin/host/host.h"
#include "util/log.h"
#include "util/memory.h"

#define WRITE_AT_BYTES (256u << 10) /* what is worth a write of its own */
#define HOLD_BYTES (16u << 20)      /* the plugin waits until the daemon has read some */

/* Nobody is there whom anything could be told. */
static _Noreturn void leave(int result) {
    if (result < 0) {
        log_error("ends, because its channel to the daemon failed: %s", strerrordesc_np(-result));
        _exit(1);
    }
    _exit(0);
}

static int try_write(struct host *host) {
    int result = channel_write(&host->channel);
    if (result == CHANNEL_CLOSED || result < 0)
        leave(result < 0 ? result : 0);
    return result;
}

void host_read(struct host *host) {
    int result = channel_read(&host->channel);
    if (result == CHANNEL_CLOSED || result < 0)
        leave(result < 0 ? result : 0);
}

/* True where there is something to read. */
static bool wait_for(struct host *host, short events, int limit_ms) {
    struct pollfd polled = {host->channel.fd, events, 0};
    int n = poll(&polled, 1, limit_ms);
    if (n < 0 && errno != EINTR)
        leave(-errno);
    return n > 0 && polled.revents & (POLLIN | POLLHUP | POLLERR);
}

bool host_write(struct host *host) {
    return try_write(host) == CHANNEL_NOTHING;
}

/* Reads, too: the daemon does not hear who does not hear it. */
void host_flush(struct host *host) {
    while (try_write(host) == CHANNEL_NOTHING)
        if (wait_for(host, POLLIN | POLLOUT, -1))
            host_read(host);
}

static void sent(struct host *host) {
    if (channel_waiting(&host->channel) > HOLD_BYTES)
        host_flush(host);
    else if (channel_waiting(&host->channel) > WRITE_AT_BYTES)
        try_write(host);
}

void host_send(struct host *host, enum frame_kind kind, uint64_t number, struct str body) {
    channel_put(&host->channel, kind, number, body);
    sent(host);
}

void host_send_json(struct host *host, enum frame_kind kind, uint64_t number, const json_t *body) {
    size_t begun = channel_begin(&host->channel, kind, number);
    json_put(&host->channel.out, body);
    channel_end(&host->channel, begun);
    sent(host);
}

/* ---- frames that wait ---- */

void kept_add(struct kept_frames *frames, const struct frame *frame) {
    struct kept_frame *kept = memory_checked(malloc(sizeof *kept + frame->body.size + 1));
    char *bytes = (char *)(kept + 1);
    memcpy(bytes, frame->body.data, frame->body.size + 1);
    *kept = (struct kept_frame){frame->kind, frame->number, {bytes, frame->body.size}, NULL};
    if (frames->last)
        frames->last->next = kept;
    else
        frames->first = kept;
    frames->last = kept;
}

void kept_drop(struct kept_frames *frames) {
    struct kept_frame *first = frames->first;
    frames->first = first->next;
    if (!frames->first)
        frames->last = NULL;
    free(first);
}

static bool take(struct host *host, struct frame *ret_frame) {
    int result = channel_take(&host->channel, ret_frame);
    if (result < 0)
        leave(result);
    return result == 0;
}

bool host_next(struct host *host, struct frame *ret_frame) {
    const struct kept_frame *kept = host->inbox.first;
    if (!kept)
        return take(host, ret_frame);
    /* It stays where it is until the next call; an ask appends behind it. */
    if (host->inbox_is_lent) {
        kept_drop(&host->inbox);
        host->inbox_is_lent = false;
        return host_next(host, ret_frame);
    }
    *ret_frame = (struct frame){kept->kind, kept->number, kept->body};
    host->inbox_is_lent = true;
    return true;
}

/* ---- the answer to a question ---- */

static json_t *look_for(struct host *host, uint64_t number) {
    struct frame frame;
    while (take(host, &frame)) {
        if (frame.kind != FRAME_ANSWER)
            kept_add(&host->inbox, &frame);
        else if (frame.number == number)
            return json_read(frame.body.data, frame.body.size);
        /* Else it is the answer to one that was given up. */
    }
    return NULL;
}

json_t *host_await(struct host *host, uint64_t number) {
    int64_t until_us = monotonic_us() + host->patience_us, left_us;
    host_flush(host);
    json_t *answer = look_for(host, number);
    while (!answer && (left_us = until_us - monotonic_us()) > 0) {
        if (wait_for(host, POLLIN, (int)(left_us / 1000 + 1)))
            host_read(host);
        answer = look_for(host, number);
    }
    return answer;
}
