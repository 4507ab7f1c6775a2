/* A policy's text becomes a program: its file run once, what it keeps frozen, its parameter sets
 * laid out by date. Threads: the host's owner. */
#pragma once

#include "policy/call.h"

struct load_source {
    const char *name; /* for messages: file or revision */
    struct str text;
    struct str parameters; /* JSON, dated: laid over the file's; may be none */
    size_t n_libraries;
    const struct library *libraries;
};

/* 0, or 1 with the message on the stack. */
int program_load(struct policy_host *host, const struct load_source *source,
                 struct program *ret_program);
/* What is known of its answers on that day. */
struct known **program_known(struct program *program, int32_t date);
void program_unload(struct policy_host *host, struct program *program);
/* The newest set by that date: pushed, or false. A policy without parameters gets an empty table.
 */
bool program_push_parameters(struct policy_host *host, const struct program *program, int32_t date);
