/* The words of findings, as a policy's `texts` has them: %d and %s stand for the value, then for
 * what is needed; %1$d and %2$s for these two in any order; %% is a percent sign. Threads: pure. */
#pragma once

#include "util/str.h"

/* Nothing else stands behind a percent sign, and at most two places without a number. */
bool words_are_sound(struct str words);
