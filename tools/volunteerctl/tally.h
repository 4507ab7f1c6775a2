/* What became of published events: counts by code, the first examples of each on stderr, and the
 * table at the end. Threads: one. */
#pragma once

#include "command.h"
#include "progress.h"
#include "publisher.h"

#define TALLY_CODES 64
#define TALLY_EXAMPLES 3

struct tally_code {
    char code[64];
    uint64_t n;
    bool retryable;
};

struct tally {
    struct progress *progress; /* taken away before an example is printed */
    size_t n_codes;
    struct tally_code
        codes[TALLY_CODES]; /* the last one takes all others when there are too many */
    json_t *examples;
};

void tally_init(struct tally *tally, struct progress *progress);
void tally_deinit(struct tally *tally);
void tally_add(struct tally *tally, const char *file, uint64_t line,
               const struct rejection *rejection);
void tally_print(struct tally *tally, const struct call *call, const struct publish_counts *counts);
