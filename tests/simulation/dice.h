/* A seed's own numbers (SplitMix64). */
#pragma once

#include <stdint.h>

struct dice {
    uint64_t state;
};

/* 0 to n - 1. */
static inline uint32_t dice_roll(struct dice *dice, uint32_t n) {
    uint64_t mixed = dice->state += UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((mixed ^ (mixed >> 31)) >> 32) % n;
}
