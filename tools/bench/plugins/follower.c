/* Follows the journal and says what reached it when: what volunteer-bench measures plugins with.
 * Only the bench loads it; it is not installed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <volunteerd/volunteer_plugin.h>

#define SAMPLES_LIMIT 10000
#define SAMPLE_BYTES 48 /* of a sample as text */

struct sample {
    uint64_t sequence;
    int64_t ns; /* CLOCK_MONOTONIC, which is the machine's: the bench reads the same one */
};

struct follower {
    struct vol_core *core;
    int parses;
    uint64_t n_events, bytes, last;
    uint64_t n_disorder; /* events at or before one that it had: there must be none */
    uint64_t n_parsed;
    int64_t started_ns, taken_ns;
    struct sample *samples; /* since the last time somebody asked for them */
    size_t n_samples;
};

static int64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void note(struct follower *follower, const struct vol_event *event, int64_t ns) {
    follower->n_events++;
    follower->bytes += event->json_size;
    follower->n_disorder += event->sequence <= follower->last;
    follower->last = event->sequence;
    if (follower->n_samples < SAMPLES_LIMIT)
        follower->samples[follower->n_samples++] = (struct sample){event->sequence, ns};
}

static int64_t follower_events(void *self, const struct vol_event *events, size_t n_events) {
    struct follower *follower = self;
    int64_t ns = now_ns();
    for (size_t i = 0; i < n_events; i++) {
        note(follower, &events[i], ns);
        if (follower->parses)
            follower->n_parsed +=
                vol_kind_of(follower->core, vol_event_data(follower->core, &events[i])) ==
                VOL_OBJECT;
    }
    follower->taken_ns = now_ns();
    return (int64_t)n_events;
}

static int follower_start(struct vol_core *core, void **ret_self) {
    struct follower *follower = calloc(1, sizeof *follower);
    *ret_self = follower;
    if (!follower || !(follower->samples = calloc(SAMPLES_LIMIT, sizeof *follower->samples)))
        return -ENOMEM;
    follower->core = core;
    follower->parses = vol_option_number(core->settings, "parse") != 0;
    follower->started_ns = now_ns();
    return vol_option_number(core->settings, "from_start") ? vol_follow(core, VOL_FROM_START) : 0;
}

static void follower_stop(void *self, int reason) {
    struct follower *follower = self;
    (void)reason;
    if (follower)
        free(follower->samples);
    free(follower);
}

static void progress_run(void *self, struct vol_call *call, const struct vol_value *parameters) {
    struct follower *follower = self;
    (void)parameters;
    vol_answer(call, vol_json(follower->core, "{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "events",
                              (int64_t)follower->n_events, "bytes", (int64_t)follower->bytes,
                              "last", (int64_t)follower->last, "disorder",
                              (int64_t)follower->n_disorder, "parsed", (int64_t)follower->n_parsed,
                              "started_ns", follower->started_ns, "taken_ns", follower->taken_ns));
}

/* [sequence, nanoseconds, sequence, nanoseconds, ...], and forgets them. */
static void samples_run(void *self, struct vol_call *call, const struct vol_value *parameters) {
    struct follower *follower = self;
    (void)parameters;
    size_t room = (follower->n_samples + 1) * SAMPLE_BYTES, size = 0;
    char *text = malloc(room);
    if (!text) {
        vol_refuse(call, "busy", "", "there is no memory for the samples");
        return;
    }
    size += (size_t)snprintf(text, room, "{\"samples\":[");
    for (size_t i = 0; i < follower->n_samples; i++)
        size += (size_t)snprintf(text + size, room - size, "%s%llu,%lld", i ? "," : "",
                                 (unsigned long long)follower->samples[i].sequence,
                                 (long long)follower->samples[i].ns);
    snprintf(text + size, room - size, "]}");
    vol_answer(call, text);
    free(text);
    follower->n_samples = 0;
}

static const struct vol_option options[] = {
    {.name = "from_start", .kind = VOL_OPTION_BOOLEAN, .help = "from the journal's first event"},
    {.name = "parse", .kind = VOL_OPTION_BOOLEAN, .help = "reads the data of each event"},
    {0},
};
static const struct vol_method methods[] = {
    {.name = "progress", .run = progress_run, .help = "how far it is"},
    {.name = "samples", .run = samples_run, .help = "when the last events reached it"},
    {0},
};
static const char *const wants[] = {"*", NULL};

VOL_EXPORT const struct vol_plugin vol_plugin = {
    VOL_ABI,
    .name = "follower",
    .version = "1",
    .summary = "Follows the journal and says what reached it when.",
    .options = options,
    .methods = methods,
    .wants = wants,
    .start = follower_start,
    .stop = follower_stop,
    .events = follower_events,
};
