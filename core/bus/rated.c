#include "bus/rated.h"

#include <stdlib.h>

#include "bus/report.h"

static int compare(const void *a, const void *b) {
    const struct rated *left = a, *right = b;
    bool no_left = left->whole <= 0, no_right = right->whole <= 0;
    int order = no_left || no_right
                    ? no_left - no_right
                    : rate_compare(right->part, right->whole, left->part, left->whole);
    return order ? order : str_compare(left->id, right->id);
}

void rated_sort(void *list, size_t n, size_t size) {
    struct rated *before = NULL;
    if (n)
        qsort(list, n, size, compare);
    for (size_t i = 0; i < n; i++) {
        struct rated *rated = (void *)((char *)list + i * size);
        bool ties = before && before->whole > 0 && rated->whole > 0 &&
                    rate_compare(rated->part, rated->whole, before->part, before->whole) == 0;
        rated->rank = rated->whole <= 0 ? 0 : ties ? before->rank : i + 1;
        before = rated;
    }
}
