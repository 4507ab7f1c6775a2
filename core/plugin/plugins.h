/* The plugins of the configuration, each with its keeper.
 * Threads: plugins_new, plugins_apply, plugins_tidy, plugins_stop and plugins_free from one (the
 * daemon's own); the others from any. */
#pragma once

#include <jansson.h>

#include "bus/method.h"
#include "plugin/plugin_config.h"

struct plugins;
struct wake;

struct plugins_options {
    const struct services *services; /* complete before plugins_apply */
    const char *plugin_dir;
    struct wake *wake; /* of the bus: rung when a plugin has answered */
};

struct plugins *plugins_new(const struct plugins_options *options);
/* Starts, changes and removes what differs from before; the others notice nothing. Returns at once.
 */
void plugins_apply(struct plugins *plugins, const struct plugin_config *configs, size_t n);
/* Forgets what was removed and has ended. */
void plugins_tidy(struct plugins *plugins);
/* Stops all of them; returns when they have ended, after limits.stop_s at most. Afterwards nothing
 * of a plugin is with the engine. */
void plugins_stop(struct plugins *plugins);
void plugins_free(struct plugins *plugins);

/* The durable head of the journal moved. */
void plugins_head_moved(struct plugins *plugins);

/* Calls `use` with the keeper of this name and returns what that does; PLUGINS_NONE where there is
 * none. `use` may not wait. */
struct keeper;
enum { PLUGINS_NONE = -1 };
int plugins_with(struct plugins *plugins, const char *name,
                 int (*use)(void *context, struct keeper *keeper), void *context);
void plugins_each(struct plugins *plugins, int (*use)(void *context, struct keeper *keeper),
                  void *context);
/* Asks "NAME.METHOD": 0 with the number of the call, > 0 with *problem. The answer, {"result"} or
 * {"error": {"code", "field", "message"}}, is the caller's; NULL while there is none
 * (plugins_have_answered). */
int plugins_ask(struct plugins *plugins, const char *method, const json_t *parameters,
                uint64_t *ret_call, struct problem *problem);
json_t *plugins_answer(struct plugins *plugins, uint64_t call);

/* Before a start: inspects each of them; what is wrong goes to complaints, a line each. 0, or 1. */
int plugins_check(const struct io *io, const char *plugin_dir, const struct plugin_config *configs,
                  size_t n, struct buf *complaints);
