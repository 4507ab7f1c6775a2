/* Runs: long consequences, decided a chunk at a time. The state remembers how far each is, so that
 * it goes on after a kill. */
#pragma once

#include "domain/things.h"

struct run_row {
    uint64_t cause;    /* sequence of the event it follows from */
    uint32_t revision; /* number of the policy revision */
    int32_t as_of;
    uint32_t cursor; /* the last volunteer judged */
    uint32_t done;   /* 1: complete */
};

/* The first run that is not complete, or THING_NOT_FOUND. */
int run_open(struct view *view, uint32_t *ret_number, struct run_row *ret_row);
int run_get(struct view *view, uint32_t number, struct run_row *ret_row);
/* For apply functions: the event being applied begins a run over everyone under this revision. */
int run_begin(struct context *context, uint32_t revision, int32_t as_of);
