/* What is wrong on purpose, one row per kind of mistake. A fault takes the place of a
 * record: the shift it stands for was served, but what arrives about it is useless or doubtful.
 * Memory: the last records that were right, to overlap with, contradict and review. */
#pragma once

#include "documents.h"
#include "records.h"

#define FAULT_RECENT 64u

enum fault {
    FAULT_NONE,
    FAULT_LATE,           /* entered more than a month after; planned so, written as it is */
    FAULT_OVERLAP,        /* the same person is in a record of the same time */
    FAULT_MORE_THAN_SPAN, /* more minutes than the shift has */
    FAULT_UNKNOWN,        /* a volunteer whom nobody registered */
    FAULT_OVER_A_DAY,     /* a shift of more than 24 hours */
    FAULT_OVER_DAILY_CAP, /* more than 12 hours in one day */
    FAULT_BAD_IDENTITY,   /* a registration whose identity number fails its check */
    FAULT_DUPLICATE,      /* an earlier event, byte by byte */
    FAULT_REUSED_ID,      /* an earlier event's id with other content */
    FAULT_WRONG_STATE,    /* a review of what was not held, a second revocation */
    FAULT_WRONG_TYPE,     /* words where a number belongs */
    FAULT_FIGURE,         /* twice for one day, below zero, or of a day to come */
    FAULT_STATION,        /* opened before it is built */
    FAULT_RECODE,         /* a region's code onto itself, or onto another region's */
    FAULT_COUNT
};

struct faults {
    const struct regions *regions;
    const struct figures *figures;
    const struct stations *stations;
    struct service recent[FAULT_RECENT];
    uint64_t numbers[FAULT_RECENT]; /* of their events */
    uint32_t n;
    uint32_t revoked; /* a record, or 0 */
};

/* Whether this shift's record is to be wrong, and how. */
enum fault fault_draw(const struct plan *plan, uint32_t day, uint32_t volunteer, uint32_t nth);
void faults_remember(struct faults *faults, const struct service *service, uint64_t number);
void faults_remember_revoked(struct faults *faults, uint32_t record);
/* Writes the fault in the record's place. Returns false where it needs an earlier record and there
 * is none. */
bool fault_write(struct faults *faults, struct output *out, enum fault fault,
                 const struct service *service);
