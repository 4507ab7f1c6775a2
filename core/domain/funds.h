/* The special fund (专项资金): what was allocated, committed, spent, and what is left of it, double
 * entry, in whole fen. Each allocation is a pot of its own, with its budget year, region and line;
 * whatever is committed comes out of pots, earliest year first, so that for every fen it stands
 * where it came from. An entry is never changed: what was wrong is returned.
 *
 *   allocated:  origin -> left              committed:  left -> committed
 *   spent:      committed -> spent          returned:   committed -> left, spent -> left,
 *                                                       left -> origin (`of` says which entry)
 *
 * So of every pot, and of the fund: allocated = left + committed + spent, none of them below zero.
 * What is committed is spent or returned in parts; whoever committed does not pay (self_review). A
 * reward that a fund pays for commits when it is redeemed, spends when it is settled and returns
 * when it is voided, in the same events.
 *
 * Threads: the view's owner. Memory: what is read lies in the arena given. Errors: as things.h. */
#pragma once

#include "domain/things.h"

#define FUND_POTS 400              /* allocations of one fund */
#define FUND_DRAWN_COMMITMENTS 100 /* that one event draws on without naming them */

enum fund_entry_kind {
    FUND_ALLOCATED,
    FUND_COMMITTED,
    FUND_SPENT,
    FUND_RETURNED,
    FUND_ENTRY_KINDS
};
const char *fund_entry_kind_text(enum fund_entry_kind kind); /* "allocated", ... */

struct fund_pot {
    uint32_t entry; /* of its allocation */
    int32_t year;
    uint32_t region; /* 0: the city's */
    int64_t allocated;
    int64_t committed;
    int64_t spent;
};

static inline int64_t fund_pot_left(const struct fund_pot *pot) {
    return pot->allocated - pot->committed - pot->spent;
}

struct fund {
    struct row_days days;
    uint32_t first_open;      /* the earliest commitment of which anything may be open; 0: none */
    uint32_t last_commitment; /* both of those that somebody sent */
    uint32_t n_entries;
    struct str id;
    struct str title; /* of the newest allocation that said one; or none */
    size_t n_pots;
    struct fund_pot *pots; /* by year, then as they came */
};
/* As it stood at the end of that day (COUNTER_NOW: as it stands). THING_NOT_FOUND. */
int fund_get(struct view *view, uint32_t fund, int32_t at, struct arena *arena,
             struct fund *ret_fund);
struct fund_sums {
    int64_t allocated, committed, spent, left;
};
struct fund_sums fund_sums(const struct fund *fund);

/* What an entry took of a pot, and what of it is not yet spent or returned. */
struct fund_part {
    uint32_t pot; /* the allocation's entry */
    int64_t amount;
    int64_t open;
};

struct fund_entry {
    uint8_t kind; /* enum fund_entry_kind */
    uint32_t fund;
    uint32_t of;         /* the entry it draws on; 0: none was named */
    uint32_t redemption; /* that it came of; 0: somebody sent it */
    uint32_t next;       /* commitment that was sent for this fund; 0: none yet */
    int32_t on;
    uint64_t sequence;
    int64_t amount;
    int32_t year;      /* of an allocation, as the next three */
    uint32_t region;   /* or 0 */
    uint32_t document; /* or 0 */
    struct str id;     /* none of what a redemption caused */
    struct str by;
    struct str purpose; /* of an allocation its origin */
    struct str line;    /* budget line, or none */
    size_t n_parts;
    struct fund_part *parts;
};
int fund_entry_get(struct view *view, uint32_t entry, struct arena *arena,
                   struct fund_entry *ret_entry);
int64_t fund_entry_open(const struct fund_entry *entry);

/* For readers: each fund's pots are what a walk over all entries gives. 0, FUND_WRONG with the
 * fund's number, or < 0. */
enum { FUND_WRONG = 5 };
int fund_check(struct view *view, struct arena *arena, uint32_t *ret_fund);

/* ---- for apply functions: what a redemption causes ---- */

int fund_left(struct view *view, uint32_t fund, struct arena *arena, int64_t *ret_left);
/* Of `entry` redemption, on, amount, by and purpose are the caller's. There is enough: the caller
 * has looked. */
int fund_commit(struct context *context, uint32_t fund, struct fund_entry *entry,
                uint32_t *ret_number);
/* All of the commitment is spent, or goes back. */
int fund_draw(struct context *context, uint32_t commitment, enum fund_entry_kind kind,
              struct fund_entry *entry);

/* ---- rows' bytes, for the export ---- */

int fund_decode(struct str row, struct arena *arena, struct fund *ret_fund); /* 0, or > 0 */
int fund_entry_decode(struct str row, struct arena *arena, struct fund_entry *ret_entry);
