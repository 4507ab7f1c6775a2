/* What a worker counts while it compares; two tallies add up to that of both. Threads: one owner.
 * Memory: its own. */
#pragma once

#include "domain/volunteers.h"

/* How an answer counts: what the kind's values are follows from CLASS_FIRST on. */
enum { CLASS_NONE, CLASS_FAILED, CLASS_FIRST, CLASSES = CLASS_FIRST + 6 };

enum side { BEFORE, AFTER, SIDES };

/* People by age; the last is those whose age is not known. */
#define AGE_BANDS 6
extern const char *const age_band_names[AGE_BANDS]; /* "under_18", ... "unknown" */
size_t age_band(const struct volunteer_row *person, int32_t on);

struct diff_group {
    uint64_t judged;
    uint64_t better;
    uint64_t worse;
};

#define FAILURE_TEXTS 8
#define FAILURE_TEXT_BYTES 256
struct diff_failures {
    uint64_t n;
    size_t n_texts;
    struct {
        char text[FAILURE_TEXT_BYTES];
        uint64_t n;
        uint32_t first;     /* the subject with the lowest number */
    } texts[FAILURE_TEXTS]; /* of the lowest subjects that met each */
};

/* Differences of an amount, in bins by their size: powers of ten on both sides of no change. */
#define BIN_POWERS 7
#define BINS (2 * BIN_POWERS + 1)
size_t difference_bin(int64_t difference);
/* The least and the most that the bin holds; INT64_MIN, INT64_MAX where it is open. */
void bin_bounds(size_t bin, int64_t *ret_least, int64_t *ret_most);

/* Who loses most, by how much and then by number. */
struct diff_loser {
    uint32_t number;
    int64_t loss;
};

struct tally {
    uint64_t judged; /* subjects */
    uint64_t better;
    uint64_t worse;
    uint64_t transitions[CLASSES][CLASSES]; /* before, after */
    size_t n_groups;
    struct diff_group *groups; /* regions */
    struct diff_group ages[AGE_BANDS];
    struct diff_failures failures[SIDES];
    uint64_t bins[BINS];
    size_t n_losers;
    size_t losers_limit;
    struct diff_loser *losers;
};

void tally_init(struct tally *tally, size_t n_groups, size_t losers_limit);
void tally_deinit(struct tally *tally);
void tally_add(struct tally *tally, const struct tally *other);
/* One subject whose answers count so. `direction`: > 0 better. */
void tally_person(struct tally *tally, size_t group, size_t age, int direction);
void tally_failure(struct tally *tally, enum side side, uint32_t subject, struct str text);
void tally_loser(struct tally *tally, uint32_t number, int64_t loss);
