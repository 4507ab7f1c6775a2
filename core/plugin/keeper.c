#include "plugin/keeper.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "plugin/calls.h"
#include "plugin/keeper_parts.h"
#include "util/error.h"
#include "util/memory.h"
#include "util/thread.h"

/* Of the keeper's thread: what it renders for a plugin may lag where the processor is short, as the
 * plugin itself (nice 10). */
#define STANDING_BACK 2

/* ---- the thread ---- */

static int timeout_ms(const struct keeper *self) {
    int64_t due_us = keeper_due_us(self);
    if (due_us == INT64_MAX)
        return -1;
    int64_t left_us = due_us - self->io->boottime_us(self->io->self);
    return left_us <= 0 ? 0 : (int)(left_us / 1000 + 1);
}

/* What is done with its process between two looks at its descriptors; true where more could be done
 * at once. */
static bool serve(struct keeper *self) {
    publishing_answer(self);
    if (self->channel.in.size > self->channel.taken) /* read, but not heard for lack of room */
        keeper_take_frames(self);
    if (!self->process.pid)
        return false;
    calls_send(self);
    bool more = feed_send(self);
    int result = channel_write(&self->channel);
    if (result < 0 || result == CHANNEL_CLOSED)
        return false; /* its end is told by the descriptor */
    return more && result == 0;
}

static void take_end(struct keeper *self) {
    int status = 0;
    keeper_take_errors(self, true); /* what it wrote last says most */
    if (process_reap(&self->process, &status))
        keeper_process_ended(self, status);
}

static void look(struct keeper *self, bool at_once) {
    bool runs = self->process.pid != 0;
    bool full = publishing_is_full(self);
    bool hears = !full && !keeper_is_unheard(self);
    bool writes = runs && channel_waiting(&self->channel) > 0;
    struct pollfd items[] = {
        {self->wake.fd, POLLIN, 0},
        {runs && !self->closed_us && (hears || writes) ? self->channel.fd : -1,
         (short)((hears ? POLLIN : 0) | (writes ? POLLOUT : 0)), 0},
        {runs ? self->process.errors : -1, POLLIN, 0},
        {runs ? self->process.ended : -1, POLLIN, 0},
    };
    if (full) /* it cannot be heard: that is not its fault */
        self->heard_us = self->now_us;
    (void)poll(items, 4, at_once ? 0 : timeout_ms(self));
    self->now_us = self->io->boottime_us(self->io->self);
    if (items[1].revents && hears && self->process.pid)
        keeper_take_frames(self);
    if (self->process.pid && items[2].revents)
        keeper_take_errors(self, false);
    if (self->process.pid && (items[3].revents || self->process.ended < 0))
        take_end(self);
}

/* An idle keeper says so before it looks at the journal's head for the last time: what comes after
 * that rings. */
static bool prepare_to_wait(struct keeper *self) {
    bool waits = feed_waits(self);
    atomic_store(&self->waits_for_head, waits);
    return waits && journal_head(self->options.services->journal).sequence > self->feed.sent;
}

static bool is_over(const struct keeper *self) {
    return self->leaving && !self->process.pid && self->publishing.n_outstanding == 0;
}

static void turn(struct keeper *self) {
    wake_hear(&self->wake);
    self->now_us = self->io->boottime_us(self->io->self);
    /* Where this thread, or the whole machine, stood still, so did the plugin. */
    if (self->now_us - self->looked_us > 2 * BEAT_MS * 1000)
        self->heard_us += self->now_us - self->looked_us;
    self->looked_us = self->now_us;
    keeper_take_orders(self);
    keeper_take_time(self);
    bool more = serve(self);
    look(self, prepare_to_wait(self) || more || is_over(self));
    atomic_store(&self->waits_for_head, false);
}

static void *keep(void *context) {
    struct keeper *self = context;
    for (int i = 0; i < STANDING_BACK; i++)
        thread_stand_back();
    self->looked_us = self->io->boottime_us(self->io->self);
    for (;;) {
        turn(self);
        if (!is_over(self))
            continue;
        pthread_mutex_lock(&self->lock);
        bool again = self->orders.has_next; /* it was taken back at the last moment */
        self->leaving = !again;
        if (!again)
            atomic_store(&self->gone, true);
        pthread_mutex_unlock(&self->lock);
        if (!again)
            return NULL;
    }
}

/* ---- for others ---- */

struct keeper *keeper_make(const struct keeper_options *options,
                           const struct plugin_config *config) {
    struct keeper *self = memory_checked(calloc(1, sizeof *self));
    self->options = *options;
    self->io = options->services->io;
    memcpy(self->name, config->name, sizeof self->name);
    snprintf(self->folder, sizeof self->folder, "%s/local/plugins/%s", options->services->data_dir,
             config->name);
    pthread_mutex_init(&self->lock, NULL);
    self->log = plugin_log_new(self->io, self->name);
    self->process = PROCESS_NONE;
    self->channel.fd = -1;
    self->feed.cursor.fd = -1;
    plugin_config_copy(&self->orders.next, config);
    self->orders.has_next = true;
    plugin_config_init(&self->config);
    publishing_init(self);
    int result = wake_init(&self->wake);
    if (result == 0)
        return self;
    error_note(result, "keeper of a plugin");
    keeper_free(self);
    return NULL;
}

struct keeper *keeper_new(const struct keeper_options *options,
                          const struct plugin_config *config) {
    struct keeper *self = keeper_make(options, config);
    if (!self)
        return NULL;
    int result = thread_start(&self->thread, "plugin", keep, self);
    if (result == 0)
        return self;
    error_note(result, "keeper of a plugin");
    keeper_free(self);
    return NULL;
}

void keeper_free(struct keeper *keeper) {
    if (!keeper)
        return;
    if (keeper->thread)
        pthread_join(keeper->thread, NULL);
    if (keeper->orders.has_next)
        plugin_config_deinit(&keeper->orders.next);
    publishing_deinit(keeper);
    asking_deinit(keeper);
    plugin_config_deinit(&keeper->config);
    json_decref(keeper->inspection);
    json_decref(keeper->shown.inspection);
    json_decref(keeper->shown.box);
    json_decref(keeper->shown.unboxed);
    json_decref(keeper->shown.counters);
    arena_deinit(&keeper->feed.arena);
    buf_deinit(&keeper->error_text);
    plugin_log_free(keeper->log);
    wake_deinit(&keeper->wake);
    pthread_mutex_destroy(&keeper->lock);
    free(keeper);
}

const char *keeper_name(const struct keeper *keeper) {
    return keeper->name;
}

void keeper_apply(struct keeper *keeper, const struct plugin_config *config) {
    pthread_mutex_lock(&keeper->lock);
    if (keeper->orders.has_next)
        plugin_config_deinit(&keeper->orders.next);
    plugin_config_copy(&keeper->orders.next, config);
    keeper->orders.has_next = true;
    keeper->orders.leave = false;
    pthread_mutex_unlock(&keeper->lock);
    wake_ring(&keeper->wake);
}

void keeper_leave(struct keeper *keeper) {
    pthread_mutex_lock(&keeper->lock);
    keeper->orders.leave = true;
    if (keeper->orders.has_next)
        plugin_config_deinit(&keeper->orders.next);
    keeper->orders.has_next = false;
    pthread_mutex_unlock(&keeper->lock);
    wake_ring(&keeper->wake);
}

bool keeper_is_gone(struct keeper *keeper) {
    return atomic_load(&keeper->gone);
}

int keeper_restart(struct keeper *keeper) {
    pthread_mutex_lock(&keeper->lock);
    bool stopped = keeper->shown.state == KEEPER_STOPPED;
    keeper->orders.restart = !stopped;
    pthread_mutex_unlock(&keeper->lock);
    wake_ring(&keeper->wake);
    return stopped;
}

int keeper_dump(struct keeper *keeper) {
    pthread_mutex_lock(&keeper->lock);
    bool runs = keeper->shown.state == KEEPER_RUNNING;
    keeper->orders.dump = runs;
    pthread_mutex_unlock(&keeper->lock);
    wake_ring(&keeper->wake);
    return !runs;
}

void keeper_head_moved(struct keeper *keeper) {
    if (atomic_load(&keeper->waits_for_head))
        wake_ring(&keeper->wake);
}

json_t *keeper_log(struct keeper *keeper, size_t limit) {
    return plugin_log_show(keeper->log, limit);
}
