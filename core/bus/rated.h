/* Things in the order of their rates, as league tables have them: the highest first, equal rates
 * share a rank, and what has no data comes last, without one. Threads: any. */
#pragma once

#include "util/str.h"

/* The first member of what is ranked. */
struct rated {
    struct str id; /* of equal rates, and of those without data, the order is by this */
    int64_t part;
    int64_t whole; /* 0 or less: no data */
    size_t rank;   /* from 1; 0: none */
};

/* Sorts n things of that size and gives each its rank. */
void rated_sort(void *list, size_t n, size_t size);
