/* Children of our own binary: posix_spawn, never a bare fork. A child has an empty stdin (or a
 * text), a pipe as stdout, our stderr, no blocked signals, and ends when its parent does
 * (child_follow_parent). Threads: any; a child belongs to one. */
#pragma once

#include <sys/types.h>

#include "util/buf.h"

struct child {
    pid_t pid; /* 0: none */
    int out;   /* its stdout, not blocking; -1: closed */
};

/* `arguments` ends with NULL; the first is the name shown. 0, or < 0. */
int child_start(const char *program, const char *const *arguments, struct child *ret_child);
/* The same, with a text to read on stdin, however long: it lies in memory, so that nobody waits for
 * the child to read it. */
int child_start_with(const char *program, const char *const *arguments, struct str input,
                     struct child *ret_child);
/* The pieces of it, for who needs other descriptors: `descriptors[i]` becomes its descriptor i, -1:
 * /dev/null. 0, or < 0 (not noted). */
int child_spawn(const char *program, const char *const *arguments, const int *descriptors, size_t n,
                pid_t *ret_pid);
/* A text to read as stdin, as a file in memory. A descriptor, or < 0. */
int child_input(struct str text);
/* Takes what has come. 0; CHILD_ENDED where it closed its stdout. */
int child_read(struct child *child, struct buf *out);
enum { CHILD_ENDED = 1 };
/* Waits for its end, closes the pipe; returns the status of waitpid, or < 0. */
int child_reap(struct child *child);
/* SIGKILL, then as child_reap. Nothing where there is none. */
void child_kill(struct child *child);
/* Runs it to its end, for at most limit_ms. 0 with what it wrote and *ret_status; -ETIMEDOUT,
 * -EMSGSIZE beyond limit_bytes, other < 0. */
int child_run(const char *program, const char *const *arguments, int limit_ms, size_t limit_bytes,
              struct buf *out, int *ret_status);

/* For the child's main: die with the parent. */
void child_follow_parent(void);
