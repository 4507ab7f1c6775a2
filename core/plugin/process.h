/* A process of volunteerd-plugin: started with posix_spawn, told apart by descriptors of its own:
 * nothing on stdin, its channel as PLUGIN_CHANNEL_FD or a pipe as stdout, a pipe as stderr. It ends
 * with the thread that started it, or with the daemon. Threads: one. Errors: < 0 noted. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "util/buf.h"

struct process {
    pid_t pid; /* 0: none */
    int ended; /* readable once it has ended; -1 where the kernel has none: see process_has_ended */
    int talk;  /* our end of its channel, or of its stdout; not blocking; -1: given away */
    int errors; /* its stderr; not blocking; -1: closed */
};

#define PROCESS_NONE ((struct process){0, -1, -1, -1})

/* Where the program lies: beside our own, or where it is installed. */
const char *process_program(char ret_path[static 4096]);
/* With a channel. */
int process_start(const char *program, const char *name, struct process *ret_process);
/* `volunteerd-plugin --inspect FILE`: `input` on stdin, stdout read. */
int process_start_inspection(const char *program, const char *file, struct str input,
                             struct process *ret_process);
/* Lines of stderr as far as they came; 0, or PROCESS_CLOSED. */
enum { PROCESS_CLOSED = 1 };
int process_read(int fd, struct buf *out);
/* True with the status of waitpid where it has ended; closes what is left of it. */
bool process_reap(struct process *process, int *ret_status);
/* SIGKILL to it and what it started, and waits for its end. Nothing where there is none. */
void process_kill(struct process *process, int *ret_status);
/* "was killed by SIGSEGV", "ended with 3" */
void process_end_text(int status, char *ret_text, size_t size);

/* What it uses. < 0 where it has ended. */
struct process_use {
    int64_t memory_bytes; /* resident */
    int64_t cpu_us;       /* of all its threads, since its start */
};
int process_measure(const struct process *process, struct process_use *ret_use);
