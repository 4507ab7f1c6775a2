/* Events for the plugin: frames wait in order, slices of the first are given, and what is taken is
 * said. A part that is not taken waits for vol_resume. */
#include <errno.h>
#include <unistd.h>

#include "plugin/host/event_frame.h"
#include "plugin/host/host.h"
#include "util/log.h"

void events_came(struct host *host, const struct frame *frame) {
    if (frame->body.size || host->events.first) {
        kept_add(&host->events, frame);
        return;
    }
    /* Nothing in it is for the plugin, and nothing before it waits. */
    if (frame->number > host->head)
        host->head = frame->number;
    host_send(host, FRAME_TAKEN, frame->number, STR(""));
}

static _Noreturn void leave(const char *why, int64_t number) {
    log_error("ends, because %s: %lld", why, (long long)number);
    _exit(1);
}

static size_t unpack(struct host *host, const struct kept_frame *frame) {
    struct cursor cursor = cursor_from(
        (struct str){frame->body.data + host->event_at, frame->body.size - host->event_at});
    size_t n = 0;
    while (n < EVENTS_AT_ONCE && event_frame_next(&cursor, &host->slice[n]))
        n++;
    if (cursor.failed)
        leave("the daemon sent events that cannot be read, up to", (int64_t)frame->number);
    return n;
}

static void frame_done(struct host *host) {
    host_send(host, FRAME_TAKEN, host->events.first->number, STR(""));
    host->event_at = 0;
    kept_drop(&host->events);
}

static void part_done(struct host *host, size_t n_taken, size_t n_given) {
    const struct kept_frame *frame = host->events.first;
    const struct vol_event *next = &host->slice[n_taken];
    if (n_taken == n_given) {
        struct vol_event *last = &host->slice[n_taken - 1];
        host->event_at = (size_t)(last->json + last->json_size + 1 - frame->body.data);
        if (host->event_at == frame->body.size)
            frame_done(host);
        else
            host_send(host, FRAME_TAKEN, last->sequence, STR(""));
        return;
    }
    host->events_wait = !host->resumed;
    if (n_taken == 0)
        return;
    host_send(host, FRAME_TAKEN, host->slice[n_taken - 1].sequence, STR(""));
    /* Its head stands before its type. */
    host->event_at = (size_t)(next->type - EVENT_HEAD_BYTES - frame->body.data);
}

bool events_give(struct host *host) {
    const struct kept_frame *frame = host->events.first;
    if (!frame || host->events_wait)
        return false;
    if (frame->number > host->head)
        host->head = frame->number;
    if (frame->body.size == 0) {
        frame_done(host);
        return host->events.first;
    }
    size_t n = unpack(host, frame);
    host->resumed = false;
    int64_t taken = host->loaded.plugin.events(host->self, host->slice, n);
    if (taken < 0)
        leave("events() failed", taken);
    if ((uint64_t)taken > n)
        leave("events() says that it took more than it was given", taken);
    part_done(host, (size_t)taken, n);
    host_called(host);
    return host->events.first && !host->events_wait;
}

int service_follow(struct vol_core *core, uint64_t after_sequence) {
    struct host *host = host_of(core);
    if (!host->is_starting || !host->loaded.n_wants) {
        service_log(core, VOL_WARNING, "vol_follow is for start(), of a plugin that wants events");
        return -EINVAL;
    }
    host->follows = true;
    host->follow_after = after_sequence;
    return 0;
}

void service_resume(struct vol_core *core) {
    struct host *host = host_of(core);
    host->resumed = true;
    host->events_wait = false;
}
