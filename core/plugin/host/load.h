/* A plugin's file: opened, and its declaration checked before anything of it is believed. The
 * file's constructors run, so whoever opens one stands in its box already.
 * Threads: one. Memory: what the declaration points to lies in the file and stays until the process
 * ends; files are never closed. */
#pragma once

#include "plugin/volunteer_plugin.h"
#include "util/buf.h"

#define OPTIONS_LIMIT 200
#define COUNTERS_LIMIT 200
#define METHODS_LIMIT 100
#define TYPES_LIMIT 1000

struct loaded {
    struct vol_plugin plugin; /* as far as its own size goes, zeros behind */
    /* Its tables, each row as far as its own size goes. */
    struct vol_option *options;
    struct vol_counter *counters;
    struct vol_method *methods;
    size_t n_options, n_counters, n_methods, n_wants, n_publishes;
};

/* `name` is the plugin's in the configuration. 0; > 0 where it cannot be: *fault has a sentence. */
int load_open(const char *file, const char *name, struct loaded *ret_loaded, struct buf *fault);
void load_free(struct loaded *loaded);

/* NULL where there is none. */
const struct vol_option *load_option(const struct loaded *loaded, const char *name);
const struct vol_method *load_method(const struct loaded *loaded, const char *name);
