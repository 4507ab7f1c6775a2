/* The real volunteerd on directories of its own: started, asked, weighed, stopped, killed. Threads:
 * one. Errors: fail(), with the end of the daemon's log. A daemon dies with this process. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "files.h"

struct daemon {
    const char *program;
    const char *policies;
    char data[PATH_LIMIT];
    char runtime[PATH_LIMIT]; /* sockets: a short path */
    char config[PATH_LIMIT];
    char log[PATH_LIMIT];
    char ingest[PATH_LIMIT]; /* endpoints */
    char query[PATH_LIMIT];
    unsigned segment_mib;   /* 0: the default */
    bool clock_from_events; /* for loading history; else the default */
    const char *plugin_dir; /* NULL: the default */
    const char *plugins;    /* the groups of `plugins: ( ... )`; NULL: none */
    pid_t pid;
    void *context; /* ZeroMQ, for the questions */
};

/* `data` is where it keeps its data; configuration and log stand beside it. */
void daemon_init(struct daemon *daemon, const char *program, const char *policies,
                 const char *data);
void daemon_deinit(struct daemon *daemon);
/* Returns when a question has been answered; nanoseconds from exec to then. */
int64_t daemon_start(struct daemon *daemon);
void daemon_stop(struct daemon *daemon); /* SIGTERM: drains */
/* Other plugins: the file is written anew, and read at SIGHUP. Waits for nothing. */
void daemon_reload(struct daemon *daemon, const char *plugins);
void daemon_kill(struct daemon *daemon); /* SIGKILL */
/* The answer to a JSON-RPC request, malloc'ed. */
char *daemon_ask(struct daemon *daemon, const char *request);
/* What a message (zmq_msg_t) holds as a text of its own, malloc'ed; it ends nowhere by itself. */
char *message_text(void *message);
/* Whatever a daemon says whose last event is weeks old, it may go on. */
void daemon_accept_clock(struct daemon *daemon);
/* Waits until it does nothing any more: what follows from acknowledged events is done as well. */
void daemon_settle(const struct daemon *daemon);

#define THREADS_LIMIT 32
struct thread_cpu {
    pid_t tid;
    char name[32];
    int64_t ns;
    int64_t wait_ns; /* ready to run, and another had the processor */
};
struct cpu {
    int64_t total_ns; /* user and system, of all threads that live or ended */
    int n_threads;
    struct thread_cpu threads[THREADS_LIMIT];
};
void daemon_cpu(const struct daemon *daemon, struct cpu *ret_cpu);

/* Resident and not of a file: what the page cache cannot take back. LMDB's map, which is a view of
 * the page cache, is not in it. */
uint64_t daemon_memory_bytes(pid_t pid);
