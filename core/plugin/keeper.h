/* The keeper of one plugin: a thread that inspects it, starts its process, hands it events, takes
 * what it says, watches over it and starts it again. One keeper waits for its own plugin alone, so
 * that none of them can hold up another or the daemon.
 *
 * Threads: keeper_new, keeper_apply, keeper_leave, keeper_free from one; the others from any. */
#pragma once

#include <jansson.h>

#include "bus/method.h"
#include "plugin/plugin_config.h"

struct keeper;
struct calls;

enum keeper_state {
    KEEPER_STARTING, /* inspected, or its process begins */
    KEEPER_RUNNING,
    KEEPER_WAITING,     /* for its next start */
    KEEPER_QUARANTINED, /* it crashed too often: somebody must say `plugin restart` */
    KEEPER_REFUSED,     /* its file or its settings are wrong */
    KEEPER_STOPPED,     /* enabled = false */
    KEEPER_STOPPING,
    KEEPER_STATES
};
const char *keeper_state_text(enum keeper_state state);

struct keeper_options {
    const struct services
        *services;       /* alive as long as the keeper; complete when the first keeper is made */
    const char *program; /* volunteerd-plugin */
    const char *plugin_dir;
    struct calls *calls;
};

/* Begins at once. NULL where no thread can be started (noted). */
struct keeper *keeper_new(const struct keeper_options *options, const struct plugin_config *config);
const char *keeper_name(const struct keeper *keeper);
/* Another configuration: the same changes nothing; where the new one is wrong, what runs goes on as
 * it is. */
void keeper_apply(struct keeper *keeper, const struct plugin_config *config);
/* Stop the plugin and end; keeper_apply takes it back while it is not gone. */
void keeper_leave(struct keeper *keeper);
bool keeper_is_gone(struct keeper *keeper);
/* Waits until it is gone. */
void keeper_free(struct keeper *keeper);

/* 0; 1 where there is nothing to restart (it is not enabled). */
int keeper_restart(struct keeper *keeper);
/* 0; 1 where it does not run. */
int keeper_dump(struct keeper *keeper);
/* A question; its answer comes by `calls`. 0; 1 where it does not run or has no such method, with
 * *problem. */
int keeper_call(struct keeper *keeper, const char *method, const json_t *parameters,
                uint64_t number, struct problem *problem);
/* More of the journal is durable. Cheap where the keeper does not wait for it. */
void keeper_head_moved(struct keeper *keeper);

enum keeper_state keeper_state(struct keeper *keeper);
/* As plugin.list shows it; with what it declares, as plugin.get does. Times are in microseconds
 * since 1970, under "..._us". */
json_t *keeper_show(struct keeper *keeper, bool whole);
json_t *keeper_log(struct keeper *keeper, size_t limit);
