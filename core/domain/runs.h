/* Runs: long consequences, decided a chunk at a time. The state remembers how far each is, so that
 * it goes on after a kill. Several may be open at once; they take turns. */
#pragma once

#include "domain/things.h"

/* What a run walks, by number from 1 (engine/run.c has a row for each). */
enum run_kind {
    RUN_STARS,         /* every volunteer is rated anew */
    RUN_POINTS,        /* what points were withheld for is asked about again */
    RUN_ASSESSMENT,    /* everyone who is assessed, at midnight */
    RUN_DUE,           /* those who are to be assessed out of turn */
    RUN_EXPIRY,        /* lots whose last day is over */
    RUN_NOTICES,       /* star applications whose public notice is over */
    RUN_PROPOSALS,     /* who is proposed for an honour, best first */
    RUN_STANDING,      /* the standing of every volunteer */
    RUN_ACCEPTANCE,    /* every record is accepted, held or refused anew */
    RUN_RECORD_POINTS, /* what every record earns */
    RUN_PERSON_POINTS, /* what every volunteer earns, by the schedule of a points rule */
    RUN_CANDIDATES,    /* whether every volunteer is one for an honour */
    RUN_ASSESSED,      /* everyone who is assessed, as things stand */
    RUN_WAITING,       /* those who wait for a place that came free */
    RUN_ABSENCES,      /* those who did not come to an activity that was closed */
    /* What passes to a successor (domain/successions.h): of an organisation that was dissolved, */
    RUN_PASS_TEAMS,
    RUN_PASS_PROJECTS,
    RUN_PASS_ACTIVITIES,
    RUN_PASS_POSTS,
    /* and of a team. */
    RUN_PASS_MEMBERS,
    RUN_PASS_TEAM_ACTIVITIES,
    RUN_PUBLIC_NOTICES, /* public notices whose last day is over */
    RUN_FINAL,          /* records that were in a public notice that ended */
    RUN_VISITS,         /* visits whose last day is over */
    RUN_MERGE,          /* what a merged volunteer did becomes the other one's */
    RUN_MERGED,         /* what is to be asked anew of who came out of it */
    RUN_UNDO,           /* what came with a batch that is undone, the last first */
    RUN_TASKS,          /* tasks whose last day is over */
    RUN_COMMITMENTS,    /* commitments whose last day is over */
    RUN_DUTIES,         /* posts with duty on a day that is over */
    RUN_PASS_PAIRINGS,  /* of an organisation that was dissolved, to its successor */
    RUN_KINDS
};

struct run_row {
    uint64_t cause;        /* sequence of the event it follows from */
    int64_t since_us;      /* recorded time of that event */
    int64_t progressed_us; /* of the last chunk; 0: none yet */
    uint32_t revision;     /* number of the policy revision; 0: of none */
    int32_t as_of;
    uint32_t first;       /* what it walks begins behind this one */
    uint32_t cursor;      /* the last one judged */
    uint32_t last;        /* where it ends */
    uint32_t done;        /* 1: complete */
    uint32_t kind;        /* enum run_kind */
    uint32_t scheduled;   /* 1: a schedule began it, else an activation or a day that came */
    uint32_t keeps;       /* 1: what earlier revisions granted is not taken back */
    int32_t served_since; /* of records: those of this day and later; INT32_MIN: all */
    uint32_t subject;     /* RUN_WAITING: the list; RUN_ABSENCES: the activity; RUN_PASS_*: who
                             was dissolved; RUN_MERGE, RUN_MERGED: who was merged; RUN_UNDO: the
                             batch */
    uint32_t event;       /* type of the event it follows from */
};
const char *run_kind_text(enum run_kind kind);

/* The first run that is not complete, or THING_NOT_FOUND. */
int run_open(struct view *view, uint32_t *ret_number, struct run_row *ret_row);
/* The next one behind `after`, going round. */
int run_open_after(struct view *view, uint32_t after, uint32_t *ret_number,
                   struct run_row *ret_row);
int run_get(struct view *view, uint32_t number, struct run_row *ret_row);
uint32_t run_last(struct view *view);
uint32_t run_complete(struct view *view); /* all up to this one are */
/* The open run of that kind that follows from the event with this sequence, or THING_NOT_FOUND. */
int run_of(struct view *view, enum run_kind kind, uint64_t cause, uint32_t *ret_number,
           struct run_row *ret_row);
/* For apply functions: the event being applied begins a run that does not know yet what it walks
 * (run_extend). */
int run_begin(struct context *context, enum run_kind kind, uint32_t revision, int32_t as_of);
/* The same for a part of what is numbered: after `from`, up to `to`. */
int run_begin_between(struct context *context, enum run_kind kind, uint32_t revision, int32_t as_of,
                      uint32_t from, uint32_t to);
/* Of `row` kind, revision, as_of, first, last, scheduled, keeps, served_since and subject are the
 * caller's. Where there is nothing to walk, none begins. */
int run_begin_as(struct context *context, const struct run_row *row);
/* A run that has not begun to walk gets one more to walk: the n-th. */
int run_extend(struct context *context, uint32_t number, uint32_t *ret_n);
/* The first open run of that kind that has not begun to walk, or THING_NOT_FOUND: what would begin
 * another one may join it. */
int run_waiting(struct view *view, enum run_kind kind, uint32_t *ret_number);
/* As run_begin_as; but where a run of that kind has not begun to walk, it walks from the first to
 * the last of both. */
int run_join(struct context *context, const struct run_row *row);
