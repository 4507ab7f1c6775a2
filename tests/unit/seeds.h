/* Random tests: each seed in turn, or the one that MODEL_SEED names, to see a failure again. */
#pragma once

#include <stdlib.h>

static inline void each_seed(unsigned n_seeds, void (*run)(unsigned seed)) {
    const char *one = getenv("MODEL_SEED");
    for (unsigned seed = 1; !one && seed <= n_seeds; seed++)
        run(seed);
    if (one)
        run((unsigned)strtoul(one, NULL, 10));
}
