/* Events for the plugin: frames wait in order, slices of the first are given, and what is taken is
 * said. A part that is not taken waits for vol_resume. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "plugin/host/event_frame.h"
#include "plugin/host/host.h"
#include "util/log.h"

/* ---- what is taken ---- */

/* What was published for these events is on disk first. Where there is no room for another place in
 * the list the last one stands for both. */
static void taken(struct host *host, uint64_t sequence) {
    uint64_t number = publication_holding(host, UINT64_MAX);
    if (number == 0) {
        host_send(host, FRAME_TAKEN, sequence, STR(""));
        return;
    }
    if (host->n_held == HELD_LIMIT)
        host->n_held--;
    host->held[host->n_held++] = (struct held_taken){sequence, number};
}

void events_released(struct host *host) {
    size_t n = 0;
    while (n < host->n_held && publication_holding(host, host->held[n].number) == 0)
        n++;
    if (n > 0)
        host_send(host, FRAME_TAKEN, host->held[n - 1].sequence, STR(""));
    host->n_held -= n;
    memmove(host->held, host->held + n, host->n_held * sizeof *host->held);
    /* Who could not publish more may go on. */
    service_resume(&host->core);
}

/* ---- giving ---- */

void events_came(struct host *host, const struct frame *frame) {
    if (frame->body.size || host->events.first) {
        kept_add(&host->events, frame);
        return;
    }
    /* Nothing in it is for the plugin, and nothing before it waits. */
    if (frame->number > host->head)
        host->head = frame->number;
    taken(host, frame->number);
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
    taken(host, host->events.first->number);
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
            taken(host, last->sequence);
        return;
    }
    host->events_wait = !host->resumed;
    if (n_taken == 0)
        return;
    taken(host, host->slice[n_taken - 1].sequence);
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
    host->in_events = true;
    int64_t n_taken = host->loaded.plugin.events(host->self, host->slice, n);
    host->in_events = false;
    if (n_taken < 0)
        leave("events() failed", n_taken);
    if ((uint64_t)n_taken > n)
        leave("events() says that it took more than it was given", n_taken);
    part_done(host, (size_t)n_taken, n);
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
