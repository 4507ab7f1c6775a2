/* Jobs: long work in a child process, so that the daemon stays quick. A child prints lines of JSON:
 * {"done","total"} while it works, then {"result": {...}} or {"failed": "why"}. Threads: any; the
 * bus thread reads what the children print. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "util/io.h"

struct jobs;
struct wake;

struct jobs_options {
    const struct io *io;
    const char *program;
    const char *data_dir;
    uint64_t map_size_bytes;
    struct wake *wake; /* rung when a job begins or is cancelled */
};

/* Removes what killed jobs left under data_dir/local. */
struct jobs *jobs_new(const struct jobs_options *options);
/* Kills those that run. */
void jobs_free(struct jobs *jobs);

#define JOBS_RUNNING_LIMIT 4
/* The descriptors that the bus thread polls; returns how many. */
size_t jobs_descriptors(struct jobs *jobs, int ret_descriptors[static JOBS_RUNNING_LIMIT]);
/* Reads what has come. */
void jobs_take(struct jobs *jobs);
/* True also where there is no such job. */
bool jobs_has_ended(struct jobs *jobs, uint64_t number);

/* The children's mains: `volunteerd --child verify DATA_DIR`, `volunteerd --child replay DATA_DIR
 * MAP_BYTES`. Return the exit code. */
int job_child_verify(const char *data_dir);
int job_child_replay(const char *data_dir, uint64_t map_size_bytes);
