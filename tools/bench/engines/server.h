/* A server on folders of its own, as an engine needs one: started, watched, stopped and removed,
 * also where this program fails, is interrupted or killed: a child waits for its end. An engine
 * that runs in this process has the folders alone. Threads: one. Errors: fail(), with the end of
 * the server's log. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "files.h"

struct server {
    char data[PATH_LIMIT]; /* on the file system of the daemon's data */
    char sockets[64];      /* a short path; the log is there as well */
    uid_t user;            /* whom it runs as and both folders belong to */
    gid_t group;
    pid_t pid;
    int stop_signal; /* ends it in order */
    pid_t janitor;   /* who removes the folders */
    int wire;        /* to it: what to end first; closed: now */
};
/* `work` is the folder of the daemon's data. A server that refuses to run as root gets `user` where
 * this program does (else NULL); then its data lies in a temporary folder of the same file system,
 * because a home folder is closed to others. */
void server_make(struct server *server, const char *work, const char *name, const char *user);
/* Stops it, where it runs, and removes its folders. */
void server_remove(struct server *server);
/* Whether there is such a user, where one is needed at all. */
bool server_user_is_there(const char *user);

/* arguments[0] is the program's path. */
void server_start(struct server *server, int stop_signal, const char *const *arguments);
/* Fails where it has ended. */
void server_watch(struct server *server);
void server_stop(struct server *server);
/* Runs a program of it to its end; fails where it does. */
void server_run(const struct server *server, const char *const *arguments);
void server_fail(const struct server *server, const char *why) __attribute__((noreturn));

/* A program in PATH, or NULL; until the next call. */
char *program_find(const char *name);
/* The text of a file of this folder's sources, malloc'ed. */
char *source_read(const char *name);
