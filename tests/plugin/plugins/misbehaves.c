/* A plugin that does what it is told, none of it good. A copy of its file under any name is a
 * plugin of that name, so that one daemon can have many of them.
 *
 * `do = "WHERE WHAT"` names a callback (check, start, event, timer, stop, dump) and what is done
 * there; the method `now {"do": WHAT}` does it at once. What returns is answered with the errno
 * that it met. */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "misdeeds.h"

/* The only thing here that changes behind the table: a plugin is named after its file. */
static char own_name[33] = "misbehaves", own_source[48] = "/plugins/misbehaves";

__attribute__((constructor)) static void name_after_file(void) {
    Dl_info info;
    if (!dladdr(own_name, &info) || !info.dli_fname)
        return;
    const char *slash = strrchr(info.dli_fname, '/'), *file = slash ? slash + 1 : info.dli_fname;
    snprintf(own_name, sizeof own_name, "%.*s", (int)strcspn(file, "."), file);
    snprintf(own_source, sizeof own_source, "/plugins/%s", own_name);
}

/* What is to be done in this callback, or NULL. */
static const char *deed_for(const char *order, const char *where) {
    size_t size = strlen(where);
    return order && strncmp(order, where, size) == 0 && order[size] == ' ' ? order + size + 1
                                                                           : NULL;
}

static int here(struct bad *bad, const char *where) {
    const char *deed = deed_for(bad->order, where);
    return deed ? misdeed_do(bad, deed) : 0;
}

/* ---- callbacks ---- */

static void misbehaves_check(const struct vol_settings *settings, struct vol_complaint *complaint) {
    const char *order = vol_option_text(settings, "do"), *deed = deed_for(order, "check");
    struct bad bad = {.order = order};
    if (deed && strcmp(deed, "complain") == 0)
        vol_complain(complaint, "do", "complaining is all that it can");
    else if (deed)
        (void)misdeed_do(&bad, deed);
}

static void timer_due(void *context) {
    (void)here(context, "timer");
}

static int misbehaves_start(struct vol_core *core, void **ret_self) {
    struct bad *bad = calloc(1, sizeof *bad);
    if (!bad)
        return -ENOMEM;
    *bad = (struct bad){.core = core,
                        .number = vol_option_number(core->settings, "number"),
                        .path = vol_option_text(core->settings, "path"),
                        .order = vol_option_text(core->settings, "do")};
    *ret_self = bad;
    if (deed_for(bad->order, "timer"))
        vol_timer(core, 1, 0, timer_due, bad);
    return -here(bad, "start");
}

static void misbehaves_stop(void *self, int reason) {
    (void)reason;
    struct bad *bad = self;
    if (bad)
        (void)here(bad, "stop");
    free(bad);
}

static int64_t misbehaves_events(void *self, const struct vol_event *events, size_t n_events) {
    struct bad *bad = self;
    const char *deed = deed_for(bad->order, "event");
    bad->n_events += (int64_t)n_events;
    bad->last = events[n_events - 1].sequence;
    vol_count(bad->core, 0, (int64_t)n_events);
    if (deed && strcmp(deed, "take_none") == 0)
        return 0;
    if (deed && strcmp(deed, "take_more") == 0)
        return (int64_t)n_events + 1000;
    return deed && misdeed_do(bad, deed) ? -EIO : (int64_t)n_events;
}

static void misbehaves_dump(void *self) {
    struct bad *bad = self;
    vol_log(bad->core, VOL_INFO, "it misbehaves");
    (void)here(bad, "dump");
}

/* ---- methods ---- */

static void now_run(void *self, struct vol_call *call, const struct vol_value *parameters) {
    struct bad *bad = self;
    const char *deed = vol_text(bad->core, vol_member(bad->core, parameters, "do"));
    int r = deed ? misdeed_do(bad, deed) : EINVAL;
    vol_answer(call, vol_json(bad->core, "{s:i, s:s}", "errno", r, "error", strerror(r)));
}

static void seen_run(void *self, struct vol_call *call, const struct vol_value *parameters) {
    (void)parameters;
    struct bad *bad = self;
    vol_answer(call, vol_json(bad->core, "{s:I, s:I}", "events", bad->n_events, "last",
                              (int64_t)bad->last));
}

static void never_run(void *self, struct vol_call *call, const struct vol_value *parameters) {
    (void)self, (void)call, (void)parameters;
}

static void twice_run(void *self, struct vol_call *call, const struct vol_value *parameters) {
    (void)self, (void)parameters;
    vol_answer(call, "{\"answer\":1}");
    vol_answer(call, "{\"answer\":2}");
}

static void nonsense_run(void *self, struct vol_call *call, const struct vol_value *parameters) {
    (void)self, (void)parameters;
    vol_answer(call, "{\"this is\": no");
}

static void late_due(void *context) {
    struct bad *bad = context;
    vol_answer(bad->kept, "{\"answer\":\"late\"}");
    bad->kept = NULL;
}

/* `number` milliseconds after it was asked. */
static void late_run(void *self, struct vol_call *call, const struct vol_value *parameters) {
    struct bad *bad = self;
    (void)parameters;
    bad->kept = call;
    vol_timer(bad->core, (uint32_t)bad->number, 0, late_due, bad);
}

/* A frame as it stands in the parameters, written past the library. */
static void raw_run(void *self, struct vol_call *call, const struct vol_value *parameters) {
    struct bad *bad = self;
    struct vol_core *core = bad->core;
    const char *body = vol_text(core, vol_member(core, parameters, "body"));
    size_t size = body ? strlen(body) : 0;
    int r = 0;
    for (int64_t i = vol_integer(core, vol_member(core, parameters, "times"), 1); i > 0 && r == 0;
         i--)
        r = misdeed_frame((unsigned)vol_integer(core, vol_member(core, parameters, "kind"), 0),
                          (uint64_t)vol_integer(core, vol_member(core, parameters, "number"), 0),
                          body, size, size);
    vol_answer(call, vol_json(core, "{s:i}", "errno", r));
}

static void publish_done(void *context, const struct vol_result *results, size_t n_results) {
    struct vol_call *call = context;
    static const char *const words[] = {"stored", "duplicate", "rejected"};
    const struct vol_result *result = &results[n_results - 1];
    vol_answer(call, vol_json(call->core, "{s:s, s:s?, s:s?, s:s?, s:I}", "status",
                              words[result->status], "code", result->code, "field", result->field,
                              "message", result->message, "sequence", (int64_t)result->sequence));
}

/* {type, id, data (text), source?}; `mebibytes` pads the data with so many. */
static void publish_run(void *self, struct vol_call *call, const struct vol_value *parameters) {
    struct bad *bad = self;
    struct vol_core *core = bad->core;
    size_t padding = (size_t)vol_integer(core, vol_member(core, parameters, "mebibytes"), 0) * MIB;
    struct vol_publication event = {
        .type = vol_text(core, vol_member(core, parameters, "type")),
        .id = vol_text(core, vol_member(core, parameters, "id")),
        .data = vol_text(core, vol_member(core, parameters, "data")),
        .source = vol_text(core, vol_member(core, parameters, "source")),
    };
    char *padded = padding ? malloc(padding + 32) : NULL;
    if (padded) {
        int head = snprintf(padded, 32, "{\"title\":\"");
        memset(padded + head, 'x', padding);
        strcpy(padded + head + padding, "\"}");
        event.data = padded;
    }
    int r = vol_publish(core, &event, 1, publish_done, call);
    free(padded);
    if (r < 0)
        vol_answer(call, vol_json(core, "{s:i}", "errno", -r));
}

static const struct vol_option options[] = {
    {.name = "do", .kind = VOL_OPTION_TEXT, .help = "WHERE WHAT"},
    {.name = "number",
     .kind = VOL_OPTION_INTEGER,
     .least = 0,
     .most = 1000000,
     .number = 100,
     .help = "how much of it"},
    {.name = "path", .kind = VOL_OPTION_TEXT, .help = "what it would touch"},
    {0},
};
static const struct vol_counter counters[] = {
    {.name = "events", .help = "events that it was given"}, {0}};
static const struct vol_method methods[] = {
    {.name = "now", .run = now_run, .parameters = "do", .help = "does it at once"},
    {.name = "seen", .run = seen_run, .help = "how many events it was given"},
    {.name = "never", .run = never_run, .help = "is not answered"},
    {.name = "twice", .run = twice_run, .help = "is answered twice"},
    {.name = "late", .run = late_run, .help = "is answered after `number` milliseconds"},
    {.name = "nonsense", .run = nonsense_run, .help = "is answered with what is no JSON"},
    {.name = "raw",
     .run = raw_run,
     .parameters = "kind, number, body, times",
     .help = "writes a frame past the library"},
    {.name = "publish",
     .run = publish_run,
     .parameters = "type, id, data, source, mebibytes",
     .help = "publishes what it is told"},
    {0},
};
static const char *const wants[] = {"volunteer.registered", NULL};
static const char *const publishes[] = {"document.registered", NULL};

VOL_EXPORT const struct vol_plugin vol_plugin = {
    VOL_ABI,
    .name = own_name,
    .version = "1",
    .summary = "Does what it is told, none of it good.",
    .options = options,
    .counters = counters,
    .methods = methods,
    .wants = wants,
    .publishes = publishes,
    .source = own_source,
    .check = misbehaves_check,
    .start = misbehaves_start,
    .stop = misbehaves_stop,
    .events = misbehaves_events,
    .dump = misbehaves_dump,
};
