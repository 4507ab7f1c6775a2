/* A plugin's life: START, the box, its file, start(), the loop, stop(). */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "plugin/host/box.h"
#include "plugin/host/host.h"
#include "plugin/host/http.h"
#include "plugin/host/services.h"
#include "util/log.h"
#include "util/memory.h"

#define DUMP_LINES 1000

/* ---- what it begins with ---- */

static json_t *await_start(struct host *host) {
    struct frame frame;
    while (!host_next(host, &frame)) {
        struct pollfd polled = {host->channel.fd, POLLIN, 0};
        if (poll(&polled, 1, -1) > 0)
            host_read(host);
    }
    json_t *start = frame.kind == FRAME_START ? json_read(frame.body.data, frame.body.size) : NULL;
    return start;
}

static void take_place(const char *folder) {
    struct sigaction ignored = {.sa_handler = SIG_IGN};
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    sigaction(SIGPIPE, &ignored, NULL);
    sigaction(SIGHUP, &ignored, NULL);
    sigaction(SIGXFSZ, &ignored, NULL); /* writing too much is an error, EFBIG */
    dup2(STDERR_FILENO, STDOUT_FILENO);
    setenv("HOME", folder, 1);
    setenv("TMPDIR", folder, 1);
    if (chdir(folder) != 0)
        log_warning("cannot enter %s: %s", folder, strerrordesc_np(errno));
}

static void close_box(const json_t *start, struct box_report *report) {
    const json_t *said = json_object_get(start, "box");
    struct box box = {.file = json_text(start, "file"),
                      .folder = json_text(start, "folder"),
                      .read = json_object_get(said, "read"),
                      .connect = json_object_get(said, "connect"),
                      .listen = json_object_get(said, "listen"),
                      .memory_mib = json_integer_value(json_object_get(said, "memory_mib")),
                      .disk_mib = json_integer_value(json_object_get(said, "disk_mib")),
                      .descriptors = json_integer_value(json_object_get(said, "descriptors")),
                      .has_network = true};
    box_close(&box, report);
}

static int fail(struct host *host, const char *message) {
    json_t *body = json_pack("{s:s}", "message", message);
    log_flush(host);
    host_send_json(host, FRAME_FAILED, 0, body);
    host_flush(host);
    json_decref(body);
    return 1;
}

static void say_hello(struct host *host, const struct box_report *report) {
    char abi[24];
    snprintf(abi, sizeof abi, "%u.%u", host->loaded.plugin.abi_major,
             host->loaded.plugin.abi_minor);
    json_t *body =
        json_pack("{s:s, s:s, s:O, s:O}", "abi", abi, "version", host->loaded.plugin.version, "box",
                  report->active, "unboxed", report->missing);
    host_send_json(host, FRAME_HELLO, 0, body);
    host_flush(host);
    json_decref(body);
}

static void say_started(struct host *host) {
    char body[64] = "{}";
    if (host->follows)
        snprintf(body, sizeof body, "{\"follow\":%llu}", (unsigned long long)host->follow_after);
    host_send(host, FRAME_STARTED, 0, str_from(body));
}

static int begin(struct host *host) {
    const struct loaded *loaded = &host->loaded;
    json_int_t patience_s = json_integer_value(json_object_get(host->start, "answer_s"));
    host->patience_us = (patience_s > 0 ? patience_s : ASK_PATIENCE_S) * INT64_C(1000000);
    host->settings =
        (struct settings){{&host_services}, loaded, json_object_get(host->start, "settings")};
    host->core.settings = &host->settings.lent;
    host->counters = memory_checked(calloc(loaded->n_counters + 1, sizeof *host->counters));
    host->slice = memory_checked(calloc(EVENTS_AT_ONCE, sizeof *host->slice));
    host->is_starting = true;
    int result = loaded->plugin.start(&host->core, &host->self);
    host->is_starting = false;
    lent_release(&host->lent);
    return result;
}

/* ---- while it runs ---- */

static void dump(struct host *host) {
    host->log_room = DUMP_LINES;
    if (host->loaded.plugin.dump)
        host->loaded.plugin.dump(host->self);
    else
        service_log(&host->core, VOL_NOTICE, "this plugin has no dump()");
    host->log_room = 0;
    host_called(host);
}

static void handle(struct host *host, const struct frame *frame) {
    switch (frame->kind) {
    case FRAME_EVENTS:
        events_came(host, frame);
        break;
    case FRAME_RESULTS:
        publication_done(host, frame);
        break;
    case FRAME_CALL:
        call_came(host, frame);
        break;
    case FRAME_HEAD:
        if (frame->number > host->head)
            host->head = frame->number;
        break;
    case FRAME_STOP:
        host->is_stopping = true;
        break;
    case FRAME_DUMP:
        dump(host);
        break;
    default: /* the answer to a question that was given up, or of a newer daemon */
        break;
    }
}

static void beat_if_due(struct host *host) {
    int64_t now_us = monotonic_us();
    if (now_us < host->beat_due_us)
        return;
    log_flush(host);
    beat_send(host);
    host->beat_due_us = now_us + BEAT_MS * 1000;
}

void host_called(struct host *host) {
    lent_release(&host->lent);
    beat_if_due(host);
}

static void called(void *context) {
    host_called(context);
}

static void turn(struct host *host) {
    struct frame frame;
    while (!host->is_stopping && host_next(host, &frame))
        handle(host, &frame);
    bool more = !host->is_stopping && events_give(host);
    beat_if_due(host);
    if (host->is_stopping)
        return;
    bool waits = host_write(host);
    struct pollfd own = {host->channel.fd, (short)(POLLIN | (waits ? POLLOUT : 0)), 0};
    int result = loop_step(&host->loop, &own, more ? 0 : host->beat_due_us);
    if (result < 0 || own.revents & POLLNVAL) {
        log_error("ends, because its channel to the daemon was closed in this process");
        _exit(1);
    }
    if (own.revents & (POLLIN | POLLHUP | POLLERR))
        host_read(host);
}

static void end(struct host *host, int reason) {
    if (host->loaded.plugin.stop)
        host->loaded.plugin.stop(host->self, reason);
    log_flush(host);
}

/* ---- the whole ---- */

static int live(struct host *host) {
    int result = begin(host);
    if (result < 0) {
        char message[80];
        snprintf(message, sizeof message, "start() returned %d (%s)", result,
                 strerrordesc_np(-result) ? strerrordesc_np(-result) : "no errno");
        end(host, VOL_STOP_START_FAILED);
        return fail(host, message);
    }
    say_started(host);
    while (!host->is_stopping)
        turn(host);
    end(host, VOL_STOP_ASKED);
    beat_send(host);
    host_send(host, FRAME_STOPPED, 0, STR(""));
    host_flush(host);
    return 0;
}

static int load_and_live(struct host *host, const struct box_report *report) {
    struct buf fault = {0};
    if (load_open(json_text(host->start, "file"), host->core.name, &host->loaded, &fault)) {
        buf_put_byte(&fault, '\0');
        int result = fail(host, fault.data);
        buf_deinit(&fault);
        return result;
    }
    say_hello(host, report);
    return live(host);
}

/* What is made here lives as long as the process, which ends without undoing it: the plugin's own
 * threads may still run. */
int host_run(int channel_fd) {
    struct host *host = memory_checked(calloc(1, sizeof *host));
    struct box_report report;
    if (fcntl(channel_fd, F_SETFL, O_NONBLOCK) != 0 ||
        fcntl(channel_fd, F_SETFD, FD_CLOEXEC) != 0) {
        log_error("has no channel: volunteerd starts this program");
        return 2;
    }
    channel_init(&host->channel, channel_fd, FRAME_TO_HOST_LIMIT);
    loop_init(&host->loop, called, host);
    lent_init(&host->lent);
    host->start = await_start(host);
    host->core = (struct vol_core){&host_services,
                                   &host->settings.lent,
                                   json_text(host->start, "name"),
                                   json_text(host->start, "folder"),
                                   json_text(host->start, "region"),
                                   json_text(host->start, "time_zone")};
    if (!*host->core.name || !*host->core.folder)
        return fail(host, "the daemon did not begin with START, with a name and a folder");
    box_report_init(&report);
    close_box(host->start, &report);
    take_place(host->core.folder);
    return load_and_live(host, &report);
}
