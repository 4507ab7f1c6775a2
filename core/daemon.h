/* The daemon: owns everything, starts it in the order of one table and stops it in the reverse one.
 * Threads: main's. */
#pragma once

struct daemon_options {
    const char *program; /* /proc/self/exe: children are started from it */
    const char *config_path;
};

/* Exit codes of the program. */
enum { EXIT_REFUSED = 1, EXIT_DISK = 75 };

/* Runs until it is told to stop; returns the exit code. */
int daemon_run(const struct daemon_options *options);
/* --check: configuration and policy files; prints what is wrong. Returns the exit code. */
int daemon_check(const struct daemon_options *options);
