/* Events that the daemon writes itself: commands of the query socket, the first events of a store;
 * and dry runs. They go through the engine like any other and are waited for. Threads: any but the
 * engine's and the journal's. Memory: a command is the caller's, on its stack. */
#pragma once

#include <pthread.h>

#include "engine/engine.h"
#include "util/dom.h"

struct command {
    struct batch batch;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool is_done;
};

struct command_writer {
    const struct io *io;
    struct engine *engine;
    struct keyring *keyring;
    struct dom_parser *parser;
    const char *region; /* its source is /volunteerd/<region> */
    struct str time;    /* when it happened; size 0: now */
};

void command_init(struct command *command, size_t n_events);
void command_deinit(struct command *command);
/* Makes event `index`: of this type, with this data (JSON object). 0, or > 0 with *problem. */
int command_set(struct command *command, size_t index, const struct command_writer *writer,
                const char *type, struct str data, struct problem *problem);
/* Gives the batch to the engine and waits until it is durable (or, in a dry run, decided). 0 with
 * the results in command->batch, or > 0 with *problem where the engine does not take it. */
int command_run(struct command *command, const struct command_writer *writer,
                struct problem *problem);
