/* The simulated city as messages: its lines stay where they are in memory, and everything that is
 * sent is rendered before a clock starts. Threads: read by any once made. Errors: fail(). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct workload {
    char *text; /* the file, mapped and in memory */
    size_t size;
    size_t *starts; /* of each event, and where the last one ends */
    size_t n_events;
    size_t n_setup; /* events before the city lives: divisions, organisations, registrations */
};
void workload_open(struct workload *workload, const char *path);
void workload_close(struct workload *workload);

struct message {
    const char *data;
    size_t size;
    uint32_t n_events;
};
/* Messages in the order in which they are sent. */
struct load {
    struct message *messages;
    size_t n_messages;
    size_t n_events;
    char *text; /* of arrays; NULL where events are sent one by one */
};
/* Events from `first` on, `per_message` in each; 0: one by one, not in an array. */
void load_render(struct load *load, const struct workload *workload, size_t first, size_t n_events,
                 size_t per_message);
void load_deinit(struct load *load);
