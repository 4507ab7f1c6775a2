#include "sample.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

void sleep_ms(int64_t ms) {
    struct timespec span = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&span, NULL);
}

void samples_add(struct samples *samples, int64_t ns) {
    if (samples->n == samples->capacity) {
        samples->capacity = samples->capacity ? samples->capacity * 2 : 1024;
        samples->ns = realloc(samples->ns, samples->capacity * sizeof(*samples->ns));
        if (!samples->ns)
            abort();
    }
    samples->ns[samples->n++] = ns;
}

void samples_deinit(struct samples *samples) {
    free(samples->ns);
    *samples = (struct samples){0};
}

static int compare_ns(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

double samples_percentile_us(struct samples *samples, double share) {
    assert(samples->n > 0);
    qsort(samples->ns, samples->n, sizeof(*samples->ns), compare_ns);
    size_t at = (size_t)((double)samples->n * share);
    return (double)samples->ns[at < samples->n ? at : samples->n - 1] / 1e3;
}

static int compare_real(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double median(const double *values, size_t n) {
    double sorted[64];
    assert(n > 0 && n <= 64);
    memcpy(sorted, values, n * sizeof(*values));
    qsort(sorted, n, sizeof(*sorted), compare_real);
    return n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}
