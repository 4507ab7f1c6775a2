/* Publishes a document for each person that is registered, with an id that follows from the event's
 * sequence: whatever kills it, there must be one for each at the end, in their order. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <volunteerd/volunteer_plugin.h>

#define AT_ONCE 100

struct echoes {
    struct vol_core *core;
    uint64_t published; /* all up to this sequence are on disk */
    uint64_t asked;     /* the last that is on its way; 0: nothing is */
};

static void echoes_published(void *context, const struct vol_result *results, size_t n_results) {
    struct echoes *echoes = context;
    uint64_t asked = echoes->asked;
    echoes->asked = 0;
    for (size_t i = 0; i < n_results; i++) {
        if (results[i].status != VOL_REJECTED)
            continue;
        vol_log(echoes->core, VOL_ERROR, results[i].message);
        if (results[i].retryable) { /* all of it comes again */
            vol_resume(echoes->core);
            return;
        }
    }
    vol_count(echoes->core, 0, (int64_t)n_results);
    echoes->published = asked;
    vol_resume(echoes->core);
}

static int publish(struct echoes *echoes, const struct vol_event *events, size_t n_events) {
    struct vol_publication publications[AT_ONCE];
    char ids[AT_ONCE][32], data[AT_ONCE][160];
    for (size_t i = 0; i < n_events; i++) {
        unsigned long long sequence = events[i].sequence;
        snprintf(ids[i], sizeof ids[i], "echo-%020llu", sequence);
        snprintf(data[i], sizeof data[i],
                 "{\"document\":\"echo:%llu\",\"title\":\"%llu\",\"number\":\"%llu\",\"issued_by\":"
                 "\"echoes\",\"on\":\"2020-01-01\"}",
                 sequence, sequence, sequence);
        publications[i] =
            (struct vol_publication){.type = "document.registered", .id = ids[i], .data = data[i]};
    }
    return vol_publish(echoes->core, publications, n_events, echoes_published, echoes);
}

/* Done with what is on disk; one message on its way at a time, so that they stay in order. */
static int64_t echoes_events(void *self, const struct vol_event *events, size_t n_events) {
    struct echoes *echoes = self;
    size_t done = 0;
    while (done < n_events && events[done].sequence <= echoes->published)
        done++;
    size_t n = n_events - done < AT_ONCE ? n_events - done : AT_ONCE;
    if (!n || echoes->asked)
        return (int64_t)done;
    int r = publish(echoes, events + done, n);
    if (r == 0)
        echoes->asked = events[done + n - 1].sequence;
    return r == 0 || r == -EAGAIN ? (int64_t)done : r;
}

static int echoes_start(struct vol_core *core, void **ret_self) {
    struct echoes *echoes = calloc(1, sizeof *echoes);
    if (!echoes)
        return -ENOMEM;
    echoes->core = core;
    *ret_self = echoes;
    return 0;
}

static void echoes_stop(void *self, int reason) {
    (void)reason;
    free(self);
}

static const struct vol_counter counters[] = {{.name = "published", .help = "documents on disk"},
                                              {0}};
static const char *const wants[] = {"volunteer.registered", NULL};
static const char *const publishes[] = {"document.registered", NULL};

VOL_EXPORT const struct vol_plugin vol_plugin = {
    VOL_ABI,
    .name = "echoes",
    .version = "1",
    .summary = "A document for each person.",
    .counters = counters,
    .wants = wants,
    .publishes = publishes,
    .source = "/plugins/echoes",
    .start = echoes_start,
    .stop = echoes_stop,
    .events = echoes_events,
};
