/* Reproducible randomness: splitmix64 (Sebastiano Vigna, public domain). Every subject of the
 * simulation has a stream of its own, found from the seed, the stream and an index, so that any
 * person, day or activity can be drawn again at any time, in any order, without being kept.
 * Integers only: the same numbers on every machine. Threads: a struct random has one owner. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum random_stream {
    STREAM_PERSON = 1,
    STREAM_PERSON_DAY,
    STREAM_SHIFT,
    STREAM_UPDATE,
    STREAM_WITHDRAWAL,
    STREAM_ORGANISATION,
    STREAM_ACTIVITY,
    STREAM_ENTRY,
    STREAM_FOLLOW_UP,
    STREAM_FAULT,
    STREAM_EVENT_ID,
    STREAM_FIGURE,
    STREAM_TITLE,
    STREAM_TEAM,
    STREAM_PROJECT,
    STREAM_STATION,
    STREAM_LIFE,
    STREAM_CALL,
    STREAM_TRAINING,
    STREAM_REWARD,
    STREAM_HONOUR,
    STREAM_CONDUCT,
    STREAM_CONSENT,
    STREAM_NEED,
    STREAM_CARE,
    STREAM_ASKED,
    STREAM_POST,
};

struct random {
    uint64_t state;
};

#define RANDOM_STEP UINT64_C(0x9e3779b97f4a7c15)

/* A bijection that scatters: no two inputs give the same output. */
static inline uint64_t random_mix(uint64_t x) {
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static inline uint64_t random_key(uint64_t seed, enum random_stream stream) {
    return random_mix(seed + RANDOM_STEP * (uint64_t)stream);
}

static inline struct random random_for(uint64_t seed, enum random_stream stream, uint64_t index) {
    return (struct random){random_mix(random_key(seed, stream) + RANDOM_STEP * index)};
}

static inline uint64_t random_next(struct random *random) {
    random->state += RANDOM_STEP;
    return random_mix(random->state);
}

/* 0 to n - 1. */
static inline uint32_t random_below(struct random *random, uint32_t n) {
    return (uint32_t)(((random_next(random) >> 32) * n) >> 32);
}

/* low to high, both included. */
static inline uint32_t random_between(struct random *random, uint32_t low, uint32_t high) {
    return low + random_below(random, high - low + 1);
}

static inline bool random_chance(struct random *random, uint32_t per_1000) {
    return random_below(random, 1000) < per_1000;
}
