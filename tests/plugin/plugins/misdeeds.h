/* What a bad plugin does, by name. Threads: that of the plugin. Errors: a positive errno. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <volunteerd/volunteer_plugin.h>

#define MIB ((size_t)1 << 20)

struct bad {
    struct vol_core *core;
    int64_t number;    /* option: how much */
    const char *path;  /* option: of what it would touch */
    const char *order; /* option `do` */
    struct vol_call *kept;
    int64_t n_events;
    uint64_t last; /* sequence of the last event */
};

/* What came of it, where it returns; EINVAL where nothing is called so. */
int misdeed_do(struct bad *bad, const char *name);

/* A frame past the library; `claimed` is the size that its head tells of. */
int misdeed_frame(unsigned kind, uint64_t number, const char *body, size_t size, size_t claimed);
