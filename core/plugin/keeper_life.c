/* The states of a plugin: when it starts, stops, is ended, waits, and is set aside. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/calls.h"
#include "plugin/folder.h"
#include "plugin/keeper_parts.h"
#include "util/lines.h"

#define FIRST_PAUSE_US (INT64_C(50) * 1000)
#define LONGEST_PAUSE_US (INT64_C(30) * 1000000)
#define HEALTHY_US (INT64_C(60) * 1000000) /* then its earlier crashes are forgotten */
#define MEASURE_US (INT64_C(1) * 1000000)
#define CPU_SECONDS 10
#define CPU_ERROR_PERCENT 3 /* processor time is known in steps of 10 ms */
#define FOLDER_US (INT64_C(2) * 1000000)
#define FOLDER_FILES 100000
#define CLOSED_US                                                                                  \
    (INT64_C(200) * 1000) /* between a closed channel and the end that explains it                 \
                           */
#define MIB (INT64_C(1) << 20)

static void show_state(struct keeper *self, enum keeper_state state, const char *reason) {
    pthread_mutex_lock(&self->lock);
    if (self->shown.state != state || state == KEEPER_STARTING)
        self->shown.since_us = self->io->now_us(self->io->self);
    self->shown.state = state;
    snprintf(self->shown.reason, sizeof self->shown.reason, "%s", reason);
    self->shown.pid = self->process.pid;
    self->shown.next_start_us = state == KEEPER_WAITING ? self->io->now_us(self->io->self) +
                                                              (self->next_start_us - self->now_us)
                                                        : 0;
    pthread_mutex_unlock(&self->lock);
}

void keeper_show_state(struct keeper *self, enum keeper_state state, const char *reason, ...) {
    char text[REASON_LIMIT];
    va_list arguments;
    va_start(arguments, reason);
    vsnprintf(text, sizeof text, reason, arguments);
    va_end(arguments);
    show_state(self, state, text);
}

static enum keeper_state state_of(const struct keeper *self) {
    return self->shown.state; /* only this thread writes it */
}

/* ---- starting ---- */

/* All of them into the log; the first one is the reason. */
static void tell_complaints(struct keeper *self, const struct buf *complaints,
                            char ret_reason[static REASON_LIMIT]) {
    struct str left = buf_str(complaints), line;
    *ret_reason = '\0';
    while (lines_next(&left, &line)) {
        plugin_log_put(self->log, LOG_LEVEL_ERROR, line);
        if (!*ret_reason)
            snprintf(ret_reason, REASON_LIMIT, "%.*s", STR_ARG(line));
    }
}

static void refuse(struct keeper *self, const struct buf *complaints) {
    char reason[REASON_LIMIT];
    tell_complaints(self, complaints, reason);
    show_state(self, KEEPER_REFUSED, reason);
}

static bool was_told_to_leave(struct keeper *self) {
    pthread_mutex_lock(&self->lock);
    bool leave = self->orders.leave;
    pthread_mutex_unlock(&self->lock);
    return leave;
}

static void wait_before_start(struct keeper *self, const char *reason) {
    int64_t pause_us = FIRST_PAUSE_US << (self->n_in_row < 12 ? self->n_in_row : 12);
    self->n_in_row++;
    self->next_start_us =
        self->now_us + (pause_us < LONGEST_PAUSE_US ? pause_us : LONGEST_PAUSE_US);
    show_state(self, KEEPER_WAITING, reason);
}

/* Where there is no process: inspects what is not inspected yet, and starts it. */
static void begin(struct keeper *self) {
    struct buf complaints = {0};
    show_state(self, KEEPER_STARTING, "");
    if (self->inspection && keeper_file_changed(self)) {
        json_decref(self->inspection);
        self->inspection = NULL;
    }
    int result = 0;
    if (!self->inspection)
        result = keeper_inspect(self, &self->config, &self->inspection, &complaints);
    if (result == 0)
        result = keeper_start_process(self);
    else if (complaints.size)
        refuse(self, &complaints);
    else if (!was_told_to_leave(self))
        wait_before_start(self, "it could not be inspected");
    if (result < 0 && !self->process.pid)
        wait_before_start(self, "its process could not be started: the daemon's log says why");
    buf_deinit(&complaints);
}

void keeper_started(struct keeper *self) {
    self->measured_us = 0; /* whoever asks soon is told, too */
    show_state(self, KEEPER_RUNNING, "");
    plugin_log_note(self->log, LOG_LEVEL_NOTICE, "runs (process %d)", (int)self->process.pid);
}

/* ---- stopping ---- */

static void forget_process(struct keeper *self) {
    feed_close(self);
    asking_end(self);
    calls_fail_all(self, "the plugin does not run any more: ask again a little later");
    channel_deinit(&self->channel);
    self->publishing.generation++;
    self->n_measured = 0;
    self->closed_us = 0;
    *self->last_words = '\0';
}

/* What comes after a process that was told to stop, or where there was none. */
static void rest(struct keeper *self) {
    if (self->leaving)
        show_state(self, KEEPER_STOPPED, "");
    else if (!self->config.enabled)
        show_state(self, KEEPER_STOPPED, "enabled = false");
    else
        begin(self);
}

static void stop(struct keeper *self) {
    if (state_of(self) == KEEPER_STOPPING)
        return;
    if (!self->process.pid) {
        rest(self);
        return;
    }
    channel_put(&self->channel, FRAME_STOP, 0, STR("{}"));
    self->deadline_us = self->now_us + self->config.limits.stop_s * 1000000;
    show_state(self, KEEPER_STOPPING, "");
}

/* ---- crashes ---- */

static void note_crash(struct keeper *self) {
    memmove(self->crashes_us + 1, self->crashes_us, (CRASHES_LIMIT - 1) * sizeof *self->crashes_us);
    self->crashes_us[0] = self->now_us;
    self->n_crashes += self->n_crashes < CRASHES_LIMIT;
    if (self->now_us - self->began_us > HEALTHY_US)
        self->n_in_row = 0;
    pthread_mutex_lock(&self->lock);
    self->shown.n_restarts++;
    pthread_mutex_unlock(&self->lock);
}

static void crashed(struct keeper *self, const char *reason) {
    note_crash(self);
    if (self->n_crashes == CRASHES_LIMIT &&
        self->now_us - self->crashes_us[CRASHES_LIMIT - 1] < CRASHES_US) {
        plugin_log_note(self->log, LOG_LEVEL_ERROR,
                        "is in quarantine after %d crashes within a minute, the last: it %s; "
                        "`volunteerctl plugin restart %s` ends it",
                        CRASHES_LIMIT, reason, self->name);
        keeper_show_state(self, KEEPER_QUARANTINED, "%d crashes within a minute, the last: it %s",
                          CRASHES_LIMIT, reason);
        return;
    }
    wait_before_start(self, reason);
    plugin_log_note(self->log, LOG_LEVEL_ERROR, "%s; it is started again in %lld ms", reason,
                    (long long)((self->next_start_us - self->now_us) / 1000));
}

static void process_is_gone(struct keeper *self, const char *why) {
    bool asked = state_of(self) == KEEPER_STOPPING;
    char reason[REASON_LIMIT];
    snprintf(reason, sizeof reason, "%s", why);
    forget_process(self);
    if (asked)
        rest(self);
    else
        crashed(self, reason);
}

void keeper_process_ended(struct keeper *self, int status) {
    char text[128];
    process_end_text(status, text, sizeof text);
    keeper_take_frames(self); /* what it said before */
    if (state_of(self) == KEEPER_STOPPING && status != 0)
        plugin_log_note(self->log, LOG_LEVEL_WARNING, "%s while it stopped", text);
    process_is_gone(self, *self->last_words ? self->last_words : text);
}

void keeper_end_process(struct keeper *self, const char *reason, ...) {
    char text[REASON_LIMIT];
    int status;
    va_list arguments;
    va_start(arguments, reason);
    vsnprintf(text, sizeof text, reason, arguments);
    va_end(arguments);
    if (!self->process.pid)
        return;
    keeper_take_errors(self, true);
    process_kill(&self->process, &status);
    if (state_of(self) == KEEPER_STOPPING)
        plugin_log_note(self->log, LOG_LEVEL_WARNING, "%s", text);
    process_is_gone(self, text);
}

/* ---- orders ---- */

static void forget_crashes(struct keeper *self) {
    self->n_crashes = self->n_in_row = 0;
}

static void take_config(struct keeper *self, struct plugin_config *next) {
    plugin_config_deinit(&self->config);
    self->config = *next;
    *next = (struct plugin_config){0};
    json_decref(self->inspection);
    self->inspection = NULL;
    forget_crashes(self);
}

/* What runs goes on until the new settings are known to be right. */
static void change_config(struct keeper *self, struct plugin_config *next) {
    struct buf complaints = {0};
    json_t *inspection = NULL;
    int result = 0;
    enum keeper_state before = state_of(self);
    if (next->enabled && before != KEEPER_STOPPING)
        result = keeper_inspect(self, next, &inspection, &complaints);
    if (result == 0) {
        take_config(self, next);
        self->inspection = inspection;
        plugin_log_note(self->log, LOG_LEVEL_NOTICE, "its configuration changed");
        stop(self);
    } else if (!was_told_to_leave(self)) {
        char reason[REASON_LIMIT];
        tell_complaints(self, &complaints, reason);
        keeper_show_state(self, before,
                          "the changed configuration was refused, the one before is in force: %s",
                          *reason ? reason : "it could not be inspected");
    }
    buf_deinit(&complaints);
}

static void take_next(struct keeper *self, struct plugin_config *next) {
    bool first = !*self->config.name;
    bool same = !first && !self->leaving && !plugin_config_differs(&self->config, next);
    self->leaving = false;
    if (same && state_of(self) == KEEPER_REFUSED)
        begin(self); /* what was wrong may be mended in a file that the configuration names */
    if (!same && self->process.pid && !first) {
        change_config(self, next);
    } else if (!same) {
        take_config(self, next);
        rest(self);
    }
    plugin_config_deinit(next);
}

void keeper_take_orders(struct keeper *self) {
    struct plugin_config next;
    pthread_mutex_lock(&self->lock);
    bool has_next = self->orders.has_next, restart = self->orders.restart,
         leave = self->orders.leave, dump = self->orders.dump;
    if (has_next)
        next = self->orders.next;
    self->orders.has_next = self->orders.restart = self->orders.dump = false;
    pthread_mutex_unlock(&self->lock);
    if (has_next)
        take_next(self, &next);
    if (leave && !self->leaving) {
        self->leaving = true;
        stop(self);
    } else if (restart && !leave) {
        plugin_log_note(self->log, LOG_LEVEL_NOTICE, "is restarted on demand");
        forget_crashes(self);
        stop(self);
    }
    if (dump && self->process.pid)
        channel_put(&self->channel, FRAME_DUMP, 0, STR("{}"));
}

/* ---- time ---- */

/* Over so many seconds, because a busy moment is nobody's fault. */
static size_t cpu_seconds(const struct keeper *self) {
    int64_t seconds = self->config.limits.hang_s;
    return seconds < 2 ? 2 : seconds > CPU_SECONDS ? CPU_SECONDS : (size_t)seconds;
}

static int64_t cpu_percent(const struct keeper *self) {
    size_t n = self->n_measured <= cpu_seconds(self) ? self->n_measured : cpu_seconds(self) + 1;
    if (n < 2)
        return 0;
    const struct cpu_used *newest = &self->cpu[0], *oldest = &self->cpu[n - 1];
    return (newest->cpu_us - oldest->cpu_us) * 100 / (newest->at_us - oldest->at_us);
}

static void measure(struct keeper *self) {
    struct process_use use;
    if (!self->process.pid || self->now_us - self->measured_us < MEASURE_US ||
        process_measure(&self->process, &use) < 0)
        return;
    self->measured_us = self->now_us;
    feed_tell_head(self);
    memmove(self->cpu + 1, self->cpu, CPU_SECONDS * sizeof *self->cpu);
    self->cpu[0] = (struct cpu_used){self->now_us, use.cpu_us};
    self->n_measured += self->n_measured <= CPU_SECONDS;
    int64_t percent = cpu_percent(self);
    pthread_mutex_lock(&self->lock);
    self->shown.memory_bytes = use.memory_bytes;
    self->shown.cpu_percent = percent;
    pthread_mutex_unlock(&self->lock);
    const struct plugin_limits *limits = &self->config.limits;
    if (use.memory_bytes > limits->memory_mib * MIB)
        keeper_end_process(self, "used %lld MiB of memory, more than limits.memory_mib (%lld)",
                           (long long)(use.memory_bytes / MIB), (long long)limits->memory_mib);
    else if (self->n_measured > cpu_seconds(self) &&
             percent > limits->cpu_percent + CPU_ERROR_PERCENT)
        keeper_end_process(self,
                           "used %lld %% of a processor for %zu s, more than limits.cpu_percent "
                           "(%lld)",
                           (long long)percent, cpu_seconds(self), (long long)limits->cpu_percent);
}

/* A disk that one of them fills would make the daemon read-only. */
static void measure_folder(struct keeper *self) {
    char path[sizeof self->folder + 8];
    int64_t bytes = 0;
    if (!self->process.pid || self->now_us - self->folder_us < FOLDER_US)
        return;
    self->folder_us = self->now_us;
    snprintf(path, sizeof path, "%s/files", self->folder);
    int result = folder_measure(path, FOLDER_FILES, &bytes);
    pthread_mutex_lock(&self->lock);
    self->shown.disk_bytes = bytes;
    pthread_mutex_unlock(&self->lock);
    if (result == FOLDER_FULL)
        keeper_end_process(self, "has more than %d files in its folder, or nests them too deeply",
                           FOLDER_FILES);
    else if (bytes > self->config.limits.disk_mib * MIB)
        keeper_end_process(self, "has %lld MiB in its folder, more than limits.disk_mib (%lld)",
                           (long long)(bytes / MIB), (long long)self->config.limits.disk_mib);
}

static void watch(struct keeper *self) {
    int64_t quiet_us = self->now_us - self->heard_us;
    if (!self->process.pid)
        return;
    if (state_of(self) == KEEPER_STOPPING) {
        if (self->now_us >= self->deadline_us)
            keeper_end_process(self, "did not stop within %lld s and was ended",
                               (long long)self->config.limits.stop_s);
    } else if (self->closed_us && self->now_us - self->closed_us > CLOSED_US) {
        keeper_end_process(self, "closed its channel");
    } else if (quiet_us > self->config.limits.hang_s * 1000000) {
        /* What it said may wait behind what was done until now. */
        keeper_take_frames(self);
        if (self->process.pid && self->heard_us != self->now_us)
            keeper_end_process(self, "%s for %lld s%s",
                               keeper_is_unheard(self) ? "read nothing of what it was told"
                                                       : "said nothing",
                               (long long)self->config.limits.hang_s,
                               state_of(self) == KEEPER_STARTING ? " while it started" : "");
    }
}

void keeper_take_time(struct keeper *self) {
    if (state_of(self) == KEEPER_WAITING && self->now_us >= self->next_start_us)
        begin(self);
    watch(self);
    measure(self);
    measure_folder(self);
    asking_take_time(self);
    calls_take_time(self);
    if (self->process.pid)
        feed_keep(self, false);
}

int64_t keeper_due_us(const struct keeper *self) {
    if (self->shown.state == KEEPER_WAITING)
        return self->next_start_us;
    if (!self->process.pid)
        return INT64_MAX;
    return self->looked_us + (self->closed_us ? CLOSED_US / 4 : BEAT_MS * 1000);
}
