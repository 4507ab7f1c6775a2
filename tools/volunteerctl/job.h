/* Jobs of the daemon: begun, followed with a progress bar, cancelled by Ctrl-C. Threads: one.
 * Memory: *ret_job is the caller's, whatever the outcome. Errors: exit codes; what is not DONE was
 * explained. */
#pragma once

#include "commands.h"

/* Begins one without parameters and follows it to its end: DONE with its "result". */
int job_run(struct call *call, const char *name, const char *what, json_t **ret_job);
/* One that was begun. */
int job_follow(struct call *call, const json_t *id, const char *what, json_t **ret_job);
/* DONE where the job came to its end; else explains. */
int job_check(const struct call *call, const json_t *job);
