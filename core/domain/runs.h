/* Runs: long consequences, decided a chunk at a time. The state remembers how far each is, so that
 * it goes on after a kill. */
#pragma once

#include "domain/things.h"

/* What a run walks, by number from 1 (engine/run.c has a row for each). */
enum run_kind {
    RUN_STARS,      /* every volunteer is rated anew */
    RUN_POINTS,     /* what points were withheld for is asked about again */
    RUN_ASSESSMENT, /* everyone who is assessed, at midnight */
    RUN_DUE,        /* those who are to be assessed out of turn */
    RUN_EXPIRY,     /* lots whose last day is over */
    RUN_NOTICES,    /* star applications whose public notice is over */
    RUN_PROPOSALS,  /* who is proposed for an honour, best first */
    RUN_KINDS
};

struct run_row {
    uint64_t cause;    /* sequence of the event it follows from */
    uint32_t revision; /* number of the policy revision; 0: of none */
    int32_t as_of;
    uint32_t cursor; /* the last one judged */
    uint32_t done;   /* 1: complete */
    uint32_t kind;   /* enum run_kind */
    uint32_t last;   /* where it ends; 0: at the last there is */
};
const char *run_kind_text(enum run_kind kind);

/* The first run that is not complete, or THING_NOT_FOUND. */
int run_open(struct view *view, uint32_t *ret_number, struct run_row *ret_row);
int run_get(struct view *view, uint32_t number, struct run_row *ret_row);
/* For apply functions: the event being applied begins a run. */
int run_begin(struct context *context, enum run_kind kind, uint32_t revision, int32_t as_of);
/* The same for a part of what is numbered: after `from`, up to `to`. */
int run_begin_between(struct context *context, enum run_kind kind, uint32_t revision, int32_t as_of,
                      uint32_t from, uint32_t to);
/* A run that has not begun to walk gets one more to walk: the n-th. */
int run_extend(struct context *context, uint32_t number, uint32_t *ret_n);
/* The first open run of that kind that has not begun to walk, or THING_NOT_FOUND: what would begin
 * another one may join it. */
int run_waiting(struct view *view, enum run_kind kind, uint32_t *ret_number);
