/* Uses every service, each by a method of its own, so that a test can ask for it. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <volunteerd/volunteer_plugin.h>

enum { COUNTER_EVENTS, COUNTER_LEVEL };

struct well_behaved {
    struct vol_core *core;
    int64_t take;   /* events that it takes of a slice; < 0: all */
    int64_t status; /* of the last publication */
    int pipe[2];
    int n_due;
    struct vol_call *waiting;
};

/* A result is an object: this has the one member `value`. */
static void reply(struct vol_call *call, const char *json) {
    char *text;
    if (asprintf(&text, "{\"value\":%s}", json) < 0)
        abort();
    vol_answer(call, text);
    free(text);
}

/* ---- publishing ---- */

static void published(void *context, const struct vol_result *results, size_t n_results) {
    struct vol_call *call = context;
    struct vol_core *core = call->core;
    const struct vol_result *last = &results[n_results - 1];
    reply(call, vol_json(core, "{s:I, s:i, s:I, s:s?, s:s?, s:s?, s:b, s:I}", "results",
                         (int64_t)n_results, "status", (int)last->status, "sequence",
                         (int64_t)last->sequence, "code", last->code, "field", last->field,
                         "message", last->message, "retryable", last->retryable, "decisions",
                         (int64_t)vol_length(core, last->decisions)));
}

static struct vol_publication publication(struct vol_core *core, const struct vol_value *from) {
    return (struct vol_publication){
        .type = vol_text(core, vol_member(core, from, "type")),
        .id = vol_text(core, vol_member(core, from, "id")),
        .data = vol_text(core, vol_member(core, from, "data")),
        .time = vol_text(core, vol_member(core, from, "time")),
        .subject = vol_text(core, vol_member(core, from, "subject")),
        .source = vol_text(core, vol_member(core, from, "source")),
    };
}

static void publish(void *self, struct vol_call *call, const struct vol_value *parameters) {
    struct vol_publication events[16];
    struct vol_core *core = call->core;
    const struct vol_value *list = vol_member(core, parameters, "events");
    size_t n = vol_length(core, list);
    (void)self;
    for (size_t i = 0; i < n && i < 16; i++)
        events[i] = publication(core, vol_item(core, list, i));
    int result = vol_publish(core, events, n, published, call);
    if (result < 0)
        vol_refuse(call, "publish_failed", "events", strerrorname_np(-result));
}

/* As many calls as there is room for. */
static void fill(void *self, struct vol_call *call, const struct vol_value *parameters) {
    struct vol_core *core = call->core;
    struct vol_publication event = {.type = "volunteer.registered", .data = "{}"};
    int64_t n = 0;
    char id[32];
    (void)self;
    (void)parameters;
    for (event.id = id; n < 1000; n++) {
        snprintf(id, sizeof id, "fill-%lld", (long long)n);
        if (vol_publish(core, &event, 1, NULL, NULL) < 0)
            break;
    }
    reply(call, vol_json(core, "I", n));
}

/* ---- asking ---- */

static void answer_value(struct vol_call *call, const struct vol_value *value) {
    reply(call, value ? vol_value_json(call->core, value) : "\"nothing\"");
}

static void ask(void *self, struct vol_call *call, const struct vol_value *parameters) {
    struct vol_core *core = call->core;
    (void)self;
    answer_value(call, vol_ask(core, vol_text(core, vol_member(core, parameters, "method")),
                               vol_text(core, vol_member(core, parameters, "parameters"))));
}

static void get_many(void *self, struct vol_call *call, const struct vol_value *parameters) {
    static const char *const ids[] = {"a", "b"};
    (void)self;
    (void)parameters;
    answer_value(call, vol_get_many(call->core, "volunteer", ids, 2));
}

static void page(void *self, struct vol_call *call, const struct vol_value *parameters) {
    (void)self;
    (void)parameters;
    answer_value(call, vol_page(call->core, "volunteer", "{\"stars\":5}", "next", 10));
}

static void snapshot(void *self, struct vol_call *call, const struct vol_value *parameters) {
    int begun = vol_snapshot_begin(call->core);
    (void)self;
    (void)parameters;
    const struct vol_value *value = vol_ask(call->core, "status", NULL);
    vol_snapshot_end(call->core);
    reply(call, vol_json(call->core, "{s:i, s:s}", "begun", begun, "status",
                         vol_value_json(call->core, value)));
}

/* ---- the loop ---- */

static void on_once(void *context) {
    struct vol_call *call = context;
    reply(call, "\"later\"");
}

static void later(void *self, struct vol_call *call, const struct vol_value *parameters) {
    (void)self;
    (void)parameters;
    vol_timer(call->core, 1, 0, on_once, call);
}

struct repeated {
    struct vol_call *call;
    int number, n;
};

static void on_repeat(void *context) {
    struct repeated *repeated = context;
    struct vol_call *call = repeated->call;
    if (++repeated->n < 3)
        return;
    int stopped = vol_timer_stop(call->core, repeated->number);
    int again = vol_timer_stop(call->core, repeated->number);
    reply(call, vol_json(call->core, "[i, i, b]", repeated->n, stopped, again < 0));
    free(repeated);
}

static void repeat(void *self, struct vol_call *call, const struct vol_value *parameters) {
    struct repeated *repeated = calloc(1, sizeof *repeated);
    (void)self;
    (void)parameters;
    repeated->call = call;
    repeated->number = vol_timer(call->core, 0, 1, on_repeat, repeated);
}

static void on_ready(void *context, int fd, int events) {
    struct well_behaved *self = context;
    char byte = 0;
    ssize_t n = read(fd, &byte, 1);
    vol_watch(self->core, fd, 0, NULL, NULL);
    close(self->pipe[0]);
    close(self->pipe[1]);
    reply(self->waiting, vol_json(self->core, "[i, i, i]", events, (int)n, (int)byte));
}

static void watch(void *context, struct vol_call *call, const struct vol_value *parameters) {
    struct well_behaved *self = context;
    (void)parameters;
    self->waiting = call;
    if (pipe(self->pipe) != 0 || write(self->pipe[1], "x", 1) != 1 ||
        vol_watch(self->core, self->pipe[0], VOL_READABLE, on_ready, self) < 0)
        vol_refuse(call, "watch_failed", "", "no pipe");
}

/* Closes a descriptor that it still watches. */
static void forget(void *context, struct vol_call *call, const struct vol_value *parameters) {
    struct well_behaved *self = context;
    (void)parameters;
    if (pipe(self->pipe) == 0) {
        vol_watch(self->core, self->pipe[0], VOL_READABLE, on_ready, self);
        close(self->pipe[0]);
        close(self->pipe[1]);
    }
    reply(call, "true");
}

/* ---- words ---- */

static void say(void *self, struct vol_call *call, const struct vol_value *parameters) {
    struct vol_core *core = call->core;
    int64_t n = vol_integer(core, vol_member(core, parameters, "lines"), 1);
    const char *line = vol_text(core, vol_member(core, parameters, "line"));
    (void)self;
    for (int64_t i = 0; i < n; i++)
        vol_log(core, VOL_NOTICE, line ? line : "a line");
    reply(call, "true");
}

static void settings(void *self, struct vol_call *call, const struct vol_value *parameters) {
    const struct vol_settings *all = call->core->settings;
    (void)self;
    (void)parameters;
    reply(call,
          vol_json(call->core, "{s:s?, s:I, s:I, s:s?, s:s?, s:s, s:s, s:s, s:s}", "greeting",
                   vol_option_text(all, "greeting"), "seconds", vol_option_number(all, "seconds"),
                   "loud", vol_option_number(all, "loud"), "secret", vol_option_text(all, "secret"),
                   "url", vol_option_text(all, "url"), "name", call->core->name, "folder",
                   call->core->folder, "region", call->core->region, "time_zone",
                   call->core->time_zone));
}

static void values(void *self, struct vol_call *call, const struct vol_value *parameters) {
    struct vol_core *core = call->core;
    const struct vol_value *list = vol_member(core, parameters, "values");
    int kinds[8] = {0};
    (void)self;
    for (size_t i = 0; i < 7; i++)
        kinds[i] = (int)vol_kind_of(core, vol_item(core, list, i));
    reply(call, vol_json(core, "{s:[i,i,i,i,i,i,i], s:b, s:b, s:I, s:b}", "kinds", kinds[0],
                         kinds[1], kinds[2], kinds[3], kinds[4], kinds[5], kinds[6], "no_json",
                         vol_parse(core, "{\"a\":", 5) == NULL, "no_text",
                         vol_text(core, list) == NULL, "fallback", vol_integer(core, list, -7),
                         "wrong_pattern", vol_json(core, "{s", "a") == NULL));
}

static void no_json(void *self, struct vol_call *call, const struct vol_value *parameters) {
    (void)self;
    (void)parameters;
    vol_answer(call, "{no");
}

static void no_object(void *self, struct vol_call *call, const struct vol_value *parameters) {
    (void)self;
    (void)parameters;
    vol_answer(call, "[]");
}

static void refuse(void *self, struct vol_call *call, const struct vol_value *parameters) {
    (void)self;
    (void)parameters;
    vol_refuse(call, "not_allowed", "by", "ask \"somebody\" else");
}

static void never(void *self, struct vol_call *call, const struct vol_value *parameters) {
    (void)self;
    (void)call;
    (void)parameters;
}

/* ---- files ---- */

static void keep(void *self, struct vol_call *call, const struct vol_value *parameters) {
    FILE *file = fopen("kept.txt", "w");
    (void)self;
    (void)parameters;
    bool written = file && fputs("kept", file) >= 0;
    if (file)
        fclose(file);
    reply(call, written ? "true" : "false");
}

/* ---- HTTP ---- */

static void answered(void *context, const struct vol_http_answer *answer) {
    struct vol_call *call = context;
    reply(call, vol_json(call->core, "{s:i, s:s?, s:b, s:s, s:I, s:s}", "status", answer->status,
                         "error", answer->error, "tls", answer->tls, "body",
                         answer->body_size < 1000 ? answer->body : "", "size",
                         (int64_t)answer->body_size, "headers", answer->headers));
}

static void http(void *self, struct vol_call *call, const struct vol_value *parameters) {
    struct vol_core *core = call->core;
    const char *header = vol_text(core, vol_member(core, parameters, "header"));
    const char *body = vol_text(core, vol_member(core, parameters, "body"));
    const char *headers[] = {header, NULL};
    struct vol_http_request request = {
        .size = sizeof request,
        .method = vol_text(core, vol_member(core, parameters, "method")),
        .url = vol_text(core, vol_member(core, parameters, "url")),
        .headers = headers,
        .body = body,
        .body_size = body ? strlen(body) : 0,
        .ca_path = vol_text(core, vol_member(core, parameters, "ca")),
        .timeout_ms = (uint32_t)vol_integer(core, vol_member(core, parameters, "timeout_ms"), 0),
        .most_bytes = (uint32_t)vol_integer(core, vol_member(core, parameters, "most"), 0),
    };
    (void)self;
    int result = vol_http(core, &request, answered, call);
    if (result < 0)
        vol_refuse(call, "http_failed", "url", strerrorname_np(-result));
}

/* ---- events ---- */

/* Publishes about it, and leaves it to the daemon to keep the event until that is on disk. */
static int publish_about(struct vol_core *core, const struct vol_event *event) {
    char id[32];
    snprintf(id, sizeof id, "about-%lld", (long long)event->sequence);
    const struct vol_publication about = {.type = "volunteer.registered", .id = id, .data = "{}"};
    return vol_publish(core, &about, 1, NULL, NULL);
}

static int64_t events(void *context, const struct vol_event *list, size_t n_events) {
    struct well_behaved *self = context;
    struct vol_core *core = self->core;
    for (size_t i = 0; i < n_events; i++)
        if (!strcmp(list[i].type, "volunteer.changed") && publish_about(core, &list[i]) < 0)
            return (int64_t)i;
    size_t taken = self->take < 0 || (size_t)self->take > n_events ? n_events : (size_t)self->take;
    for (size_t i = 0; i < taken; i++)
        vol_count(core, COUNTER_EVENTS, 1);
    if (n_events && !strcmp(list[0].type, "volunteer.restored"))
        return -5;
    if (n_events == 1) {
        const struct vol_value *data = vol_event_data(core, &list[0]);
        vol_log(core, VOL_INFO,
                vol_json(core, "[I, I, I, I, s, s]", (int64_t)list[0].sequence,
                         (int64_t)list[0].cause, list[0].time_us, list[0].recorded_us, list[0].type,
                         vol_value_json(core, data)));
    }
    return (int64_t)taken;
}

static void take(void *context, struct vol_call *call, const struct vol_value *parameters) {
    struct well_behaved *self = context;
    self->take = vol_integer(call->core, vol_member(call->core, parameters, "events"), -1);
    vol_resume(call->core);
    reply(call, vol_json(call->core, "I", (int64_t)vol_head(call->core)));
}

static void level(void *self, struct vol_call *call, const struct vol_value *parameters) {
    struct vol_core *core = call->core;
    (void)self;
    vol_count(core, COUNTER_LEVEL, vol_integer(core, vol_member(core, parameters, "level"), 0));
    vol_count(core, 99, 1);
    reply(call, "true");
}

/* ---- the whole ---- */

static void check(const struct vol_settings *all, struct vol_complaint *complaint) {
    const char *greeting = vol_option_text(all, "greeting");
    if (greeting && !strcmp(greeting, "no"))
        vol_complain(complaint, "greeting", "must be friendlier");
    const char *mapping = vol_option_text(all, "mapping");
    FILE *file = mapping ? fopen(mapping, "re") : NULL;
    if (mapping && !file)
        vol_complain(complaint, "mapping", strerror(errno));
    if (file)
        fclose(file);
}

static int start(struct vol_core *core, void **ret_self) {
    struct well_behaved *self = calloc(1, sizeof *self);
    const char *greeting = vol_option_text(core->settings, "greeting");
    *ret_self = self;
    self->core = core;
    self->take = -1;
    printf("printed in start\n");
    fflush(stdout);
    if (greeting && !strcmp(greeting, "fail"))
        return -71;
    if (greeting && !strcmp(greeting, "follow"))
        return vol_follow(core, 41);
    if (greeting && !strcmp(greeting, "ask"))
        vol_log(core, VOL_INFO, vol_value_json(core, vol_ask(core, "status", NULL)));
    return 0;
}

static void stop(void *context, int reason) {
    struct well_behaved *self = context;
    vol_log(self->core, VOL_INFO,
            reason == VOL_STOP_START_FAILED ? "stopped after a failed start" : "stopped as asked");
    free(self);
}

static void dump(void *context) {
    struct well_behaved *self = context;
    for (int i = 0; i < 30; i++)
        vol_log(self->core, VOL_INFO, "a line of the dump");
}

static const char *const tones[] = {"plain", "polite", NULL};
static const struct vol_option options[] = {
    {.name = "greeting",
     .kind = VOL_OPTION_TEXT,
     .most = 20,
     .text = "hello",
     .help = "what it says"},
    {.name = "seconds",
     .kind = VOL_OPTION_INTEGER,
     .least = 1,
     .most = 60,
     .number = 5,
     .unit = "s",
     .help = "how long"},
    {.name = "loud", .kind = VOL_OPTION_BOOLEAN, .number = 1, .help = "how"},
    {.name = "tone",
     .kind = VOL_OPTION_WORD,
     .words = tones,
     .text = "polite",
     .help = "which tone"},
    {.name = "mapping", .kind = VOL_OPTION_PATH, .help = "a file that it reads"},
    {.name = "url", .kind = VOL_OPTION_URL, .help = "where it connects to"},
    {.name = "listen", .kind = VOL_OPTION_LISTEN, .help = "where it listens"},
    {.name = "secret", .kind = VOL_OPTION_SECRET, .help = "its password"},
    {.name = NULL},
};
static const struct vol_counter counters[] = {
    {"events", "events that it took", 0}, {"level", "what was set", 1}, {.name = NULL}};
static const struct vol_method methods[] = {
    {"publish", publish, "events", "publishes"},
    {"fill", fill, NULL, "publishes until there is no room"},
    {"ask", ask, "method, parameters", "asks"},
    {"get_many", get_many, NULL, "asks for two volunteers"},
    {"page", page, NULL, "asks for a page of volunteers"},
    {"snapshot", snapshot, NULL, "asks within a snapshot"},
    {"later", later, NULL, "answers by a timer"},
    {"repeat", repeat, NULL, "answers by a timer that comes thrice"},
    {"watch", watch, NULL, "answers by a descriptor"},
    {"forget", forget, NULL, "closes a descriptor that it watches"},
    {"say", say, "lines, line", "writes lines into the log"},
    {"settings", settings, NULL, "tells its settings"},
    {"values", values, "values", "tells kinds of values"},
    {"no_json", no_json, NULL, "answers with what is not JSON"},
    {"no_object", no_object, NULL, "answers with what is no object"},
    {"refuse", refuse, NULL, "refuses"},
    {"never", never, NULL, "does not answer"},
    {"keep", keep, NULL, "writes into its folder"},
    {"http", http, "url, method, header, body, ca, timeout_ms, most", "asks a server"},
    {"take", take, "events", "takes so many events of each slice, and goes on"},
    {"level", level, "level", "sets its gauge"},
    {.name = NULL},
};
static const char *const wants[] = {"*", NULL};
static const char *const publishes[] = {"volunteer.registered", NULL};

VOL_EXPORT const struct vol_plugin vol_plugin = {
    VOL_ABI,
    .name = "well_behaved",
    .version = "1.2",
    .summary = "Does what it is asked.",
    .options = options,
    .counters = counters,
    .methods = methods,
    .wants = wants,
    .publishes = publishes,
    .source = "/plugins/well_behaved",
    .check = check,
    .start = start,
    .stop = stop,
    .events = events,
    .dump = dump,
};
