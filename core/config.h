/* The configuration file: libconfig text -> options. Every complaint names file and line and says
 * how to mend it, and all of them come at once.
 *
 * libconfig ends the process where an @include names no file, so a child of our own binary parses
 * (`--child config FILE`): it prints each setting as a line of JSON; the checks are the parent's.
 * Threads: one. Memory: a config owns its texts. */
#pragma once

#include "option.h"
#include "plugin/plugin_config.h"
#include "util/arena.h"
#include "util/buf.h"

struct config {
    struct arena arena;
    struct options options;
    const char *path; /* absolute */
    size_t n_plugins;
    struct plugin_config plugins[PLUGINS_LIMIT];
};

void config_deinit(struct config *config);

enum { CONFIG_REFUSED = 1 };
/* 0; CONFIG_REFUSED with lines of complaints ("FILE:LINE: ..."); < 0. `program` is our own binary.
 * Fills a zeroed config. */
int config_load(const char *program, const char *path, struct config *config,
                struct buf *complaints);

/* The parent: from the child's lines to options. */
int config_from_lines(const char *path, struct str lines, struct config *config,
                      struct buf *complaints);

/* After a SIGHUP: takes the live options of `next` over and names in `restart` (", " between) those
 * that a restart would apply; returns how many were taken over. */
size_t config_take_live(struct config *config, const struct config *next, struct buf *restart);
/* The plugins of `next`, which is left without any. */
void config_take_plugins_over(struct config *config, struct config *next);
