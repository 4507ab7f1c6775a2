/* Jobs: long work in a child process, so that the daemon stays quick. A child prints lines of JSON:
 * {"done","total"} while it works, then {"result": {...}} or {"failed": "why"}. Threads: any; the
 * bus thread reads what the children print. */
#pragma once

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/evaluate.h"

struct problem;
struct jobs;
struct wake;

struct jobs_options {
    const struct io *io;
    const char *program;
    const char *data_dir;
    uint64_t map_size_bytes;
    struct wake *wake;           /* rung when a job begins or is cancelled */
    struct policy_limits limits; /* for children that ask policies */
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

#define JOB_ARGUMENTS 4
/* Begins one, as job.start does; `arguments` (at most JOB_ARGUMENTS) are handed to the child behind
 * data_dir and the map's size, and end with NULL. 0 with its number, > 0 with the problem, < 0. */
int job_begin(struct jobs *jobs, const char *name, const char *const *arguments,
              struct problem *problem, uint64_t *ret_number);
/* How it stands, as job.get says it; NULL where it is not kept any more. */
json_t *job_show(struct jobs *jobs, uint64_t number);
/* The same of the one that is called so. */
json_t *job_show_named(struct jobs *jobs, struct str id);

/* The children's mains: `volunteerd --child verify DATA_DIR`, `volunteerd --child replay DATA_DIR
 * MAP_BYTES`, `volunteerd --child decision DATA_DIR MAP_BYTES SEQUENCE INSTRUCTIONS MEMORY RESULT`,
 * `volunteerd --child simulate DATA_DIR MAP_BYTES` with a request on stdin. Return the exit code.
 */
int job_child_verify(const char *data_dir);
int job_child_replay(const char *data_dir, uint64_t map_size_bytes);
int job_child_decision(const char *data_dir, uint64_t map_size_bytes, uint64_t sequence,
                       const struct policy_limits *limits);
int job_child_simulate(const char *data_dir, uint64_t map_size_bytes);
