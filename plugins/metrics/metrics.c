/* The numbers of the daemon, its plugins and the city for Prometheus: GET /metrics. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/http_server.h"
#include "numbers.h"

#define TEXT_TYPE "text/plain; version=0.0.4; charset=utf-8"
/* So many times refresh_ms nothing is asked after a question that nobody answered: who scrapes
 * meanwhile gets what there is, at once. */
#define PAUSE_TIMES 30
#define DEADLINE_S 5 /* for a request and its answer */
#define HEAD_MOST 4096

enum { COUNT_SCRAPES, COUNT_CUT, COUNT_UNANSWERED };

struct metrics {
    struct vol_core *core;
    struct http_server *server;
    int64_t refresh_us;
    bool indicators;
    struct exposition numbers; /* as they were at `asked_us` */
    struct exposition page;    /* with what is true now before them */
    bool known;                /* there are any */
    bool up;                   /* the last question was answered */
    int64_t asked_us;          /* when they were */
    int64_t pause_us;          /* nothing is asked before then */
    uint64_t n_cut;            /* connections, as counted */
};

static int64_t now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

static bool is_answer(struct vol_core *core, const struct vol_value *value) {
    return vol_kind_of(core, value) == VOL_OBJECT && !vol_member(core, value, "error");
}

static void refresh(struct metrics *self) {
    struct vol_core *core = self->core;
    const struct vol_value *metrics = vol_ask(core, "numbers.get", NULL);
    self->up = is_answer(core, metrics);
    if (!self->up) {
        self->pause_us = now_us() + PAUSE_TIMES * self->refresh_us;
        vol_count(core, COUNT_UNANSWERED, 1);
        return;
    }
    self->asked_us = now_us();
    exposition_reset(&self->numbers);
    const struct vol_value *plugins = vol_ask(core, "plugin.list", NULL);
    numbers_put(core, metrics, vol_member(core, plugins, "plugins"), self->indicators,
                &self->numbers);
    self->known = !self->numbers.failed;
}

static void put_now(struct metrics *self, struct exposition *page) {
    exposition_family(page, "volunteerd_up", "gauge",
                      "1 where the daemon answered when it was last asked.");
    exposition_sample(page, self->up, 0);
    if (!self->known)
        return;
    exposition_family(page, "volunteerd_numbers_age_seconds", "gauge",
                      "How old the numbers below are.");
    exposition_sample(page, now_us() - self->asked_us, 6);
}

static void count(struct metrics *self) {
    uint64_t n_cut = http_server_cut(self->server);
    vol_count(self->core, COUNT_SCRAPES, 1);
    vol_count(self->core, COUNT_CUT, (int64_t)(n_cut - self->n_cut));
    self->n_cut = n_cut;
}

static bool is_due(const struct metrics *self) {
    int64_t now = now_us();
    return now >= self->pause_us && (!self->up || now - self->asked_us >= self->refresh_us);
}

static void put_text(struct http_response *response, const char *text) {
    response->type = "text/plain";
    response->body = text;
    response->size = strlen(text);
}

static void put_metrics(struct metrics *self, struct http_response *response) {
    if (is_due(self))
        refresh(self);
    exposition_reset(&self->page);
    put_now(self, &self->page);
    if (self->known)
        exposition_append(&self->page, &self->numbers);
    count(self);
    response->type = TEXT_TYPE;
    response->body = self->page.text;
    response->size = self->page.size;
}

static void answer(void *context, const struct http_request *request,
                   struct http_response *response) {
    if (request->fault) {
        put_text(response, "GET or HEAD\n");
    } else if (!strcmp(request->path, "/metrics")) {
        put_metrics(context, response);
    } else if (!strcmp(request->path, "/-/healthy")) {
        put_text(response, "healthy\n");
    } else {
        response->status = 404;
        put_text(response, "/metrics and /-/healthy\n");
    }
}

/* ---- the plugin ---- */

static void say_not_listening(struct vol_core *core, const char *listen, int error) {
    char line[256];
    snprintf(line, sizeof line, "cannot listen on %s: %s%s", listen, strerror(-error),
             error == -EADDRINUSE ? "; another program does: choose another port in `listen`" : "");
    vol_log(core, VOL_ERROR, line);
}

static int start(struct vol_core *core, void **ret_self) {
    static const char *const methods[] = {"GET", "HEAD", NULL};
    const char *listen = vol_option_text(core->settings, "listen");
    struct metrics *self = calloc(1, sizeof *self);
    if (!self)
        return -ENOMEM;
    *ret_self = self;
    self->core = core;
    self->refresh_us = vol_option_number(core->settings, "refresh_ms") * 1000;
    self->indicators = vol_option_number(core->settings, "indicators") != 0;
    const struct http_server_options options = {.core = core,
                                                .listen = listen,
                                                .methods = methods,
                                                .head_most = HEAD_MOST,
                                                .deadline_s = DEADLINE_S,
                                                .handler = answer,
                                                .context = self};
    int r = http_server_open(&options, &self->server);
    if (r < 0)
        say_not_listening(core, listen, r);
    return r;
}

static void stop(void *context, int reason) {
    struct metrics *self = context;
    (void)reason;
    if (!self)
        return;
    http_server_close(self->server);
    exposition_deinit(&self->numbers);
    exposition_deinit(&self->page);
    free(self);
}

static void dump(void *context) {
    const struct metrics *self = context;
    char line[256];
    snprintf(line, sizeof line,
             "%s; numbers of %zu bytes, %lld ms old; %llu connections open, %llu cut off",
             self->up ? "the daemon answers" : "the daemon did not answer, or was not asked",
             self->numbers.size, (long long)(self->known ? (now_us() - self->asked_us) / 1000 : -1),
             (unsigned long long)http_server_guests(self->server),
             (unsigned long long)http_server_cut(self->server));
    vol_log(self->core, VOL_NOTICE, line);
}

static const struct vol_option options[] = {
    {.name = "listen",
     .kind = VOL_OPTION_LISTEN,
     .text = "127.0.0.1:9464",
     .help = "where Prometheus finds the numbers; they name no person, but whoever reaches the "
             "address may read them"},
    {.name = "refresh_ms",
     .kind = VOL_OPTION_INTEGER,
     .least = 100,
     .most = 60000,
     .number = 1000,
     .unit = "ms",
     .help = "how old numbers may be that are given again without asking the daemon"},
    {.name = "indicators",
     .kind = VOL_OPTION_BOOLEAN,
     .number = 1,
     .help = "whether the city's indicators are among the numbers"},
    {.name = NULL},
};

static const struct vol_counter counters[] = {
    [COUNT_SCRAPES] = {"scrapes", "requests for /metrics that were answered", 0},
    [COUNT_CUT] = {"cut_connections", "connections that were too slow, or in the way of others", 0},
    [COUNT_UNANSWERED] = {"unanswered", "questions to the daemon without an answer", 0},
    {NULL, NULL, 0},
};

VOL_EXPORT const struct vol_plugin vol_plugin = {
    VOL_ABI,
    .name = "metrics",
    .version = "1.0",
    .summary = "The daemon's, the plugins' and the city's numbers for Prometheus.",
    .options = options,
    .counters = counters,
    .start = start,
    .stop = stop,
    .dump = dump,
};
