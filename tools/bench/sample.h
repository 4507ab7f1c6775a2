/* Times, and what to say of many of them. Threads: one owner. */
#pragma once

#include <stddef.h>
#include <stdint.h>

int64_t now_ns(void); /* CLOCK_MONOTONIC */
void sleep_ms(int64_t ms);

/* Any number of latencies; percentiles sort them in place. */
struct samples {
    int64_t *ns;
    size_t n;
    size_t capacity;
};
void samples_add(struct samples *samples, int64_t ns);
void samples_deinit(struct samples *samples);
/* 0.5: the median, in microseconds. At least one sample. */
double samples_percentile_us(struct samples *samples, double share);

/* The median of n numbers; sorts a copy. n >= 1. */
double median(const double *values, size_t n);
