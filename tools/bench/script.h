/* Events that are made here instead of taken from the simulated city, in memory. Threads: one. */
#pragma once

#include "util/buf.h"
#include "workload.h"

struct script {
    const char *source;
    char letter; /* before the number of an id: what is sent later has ids of its own */
    size_t serial;
    struct buf text;
    size_t *starts;
    size_t n, capacity;
};

/* `format`: the members of the event's data. `time` NULL: it says none. */
void script_add(struct script *script, const char *type, const char *time, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Borrows from the script. */
struct workload script_workload(const struct script *script);
void script_deinit(struct script *script);
