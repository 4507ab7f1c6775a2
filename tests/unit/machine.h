/* A whole daemon but its bus, over real state and whatever files its io gives: journal, keyring,
 * store and engine, opened, started and stopped as the daemon does it. engine_fixture.h drives one
 * in unit tests, tests/simulation in one process under a steered world. */
#pragma once

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data_dir.h"
#include "engine/engine.h"

struct machine {
    char directory[64];
    struct io_steered io;
    struct data_dir data;
    struct keyring *keyring; /* these three are its parts */
    struct journal *journal;
    struct store *store;
    struct engine *engine;
    struct engine_options options;
    bool compress_closed; /* the journal's segments */
    struct dom_parser *parser;
    struct batch batch; /* one at a time */
    pthread_mutex_t mutex;
    pthread_cond_t done;
    bool is_done;
    int failure; /* what on_failure said */
    unsigned n_ids;
};

static void machine_failed(void *context, int error) {
    struct machine *machine = context;
    pthread_mutex_lock(&machine->mutex);
    machine->failure = error;
    pthread_cond_broadcast(&machine->done);
    pthread_mutex_unlock(&machine->mutex);
}

static char *machine_path(const struct machine *machine, const char *name) {
    char *path = NULL;
    int size = asprintf(&path, "%s/%s", machine->directory, name);
    assert(size > 0);
    (void)size;
    return path;
}

static int machine_open(struct machine *machine) {
    char *master = machine_path(machine, "master.key");
    struct data_dir_options options = {.directory = machine->directory,
                                       .master_key = master,
                                       .segment_bytes = 8u << 20,
                                       .compress_closed = machine->compress_closed,
                                       .map_size_bytes = UINT64_C(1) << 30,
                                       .checkpoint_ms = 20,
                                       .pending_limit_bytes = UINT64_C(64) << 20,
                                       .on_failure = machine_failed,
                                       .context = machine};
    int r = data_dir_open(&machine->io.io, &options, &machine->data);
    free(master);
    machine->keyring = machine->data.keyring;
    machine->journal = machine->data.journal;
    machine->store = machine->data.store;
    return r;
}

static int machine_start(struct machine *machine) {
    int r = machine_open(machine);
    machine->options.io = &machine->io.io;
    machine->options.journal = machine->journal;
    machine->options.store = machine->store;
    machine->options.keyring = machine->keyring;
    machine->options.policy_limits = POLICY_LIMITS_DEFAULT;
    machine->options.queue_limit_bytes = UINT64_C(64) << 20;
    machine->options.directory = machine->directory;
    machine->options.on_failure = machine_failed;
    machine->options.context = machine;
    return r == 0 ? engine_start(&machine->options, &machine->engine) : r;
}

static void machine_stop(struct machine *machine) {
    engine_stop(machine->engine);
    machine->engine = NULL;
    data_dir_close(&machine->data);
    machine->journal = NULL;
    machine->store = NULL;
    machine->keyring = NULL;
}
