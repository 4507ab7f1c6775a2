#include "policy/meter.h"

#include <stdlib.h>
#include <time.h>

#include "util/memory.h"

/* Uses are put in front and never taken out, so that readers need no lock. */
struct meter {
    _Atomic(struct meter_use *) first;
};

struct meter *meter_new(void) {
    return memory_checked(calloc(1, sizeof(struct meter)));
}

void meter_free(struct meter *meter) {
    if (!meter)
        return;
    for (struct meter_use *use = meter->first, *next; use; use = next) {
        next = use->next;
        free(use->policy);
        free(use->revision);
        free(use);
    }
    free(meter);
}

const struct meter_use *meter_first(const struct meter *meter) {
    return atomic_load_explicit(&meter->first, memory_order_acquire);
}

/* Of a text that need not end with NUL. */
static char *text_of(struct str text) {
    char *copy = memory_checked(malloc(text.size + 1));
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    return copy;
}

struct meter_use *meter_of(struct meter *meter, const struct policy_revision *row) {
    struct meter_use *first = atomic_load_explicit(&meter->first, memory_order_relaxed);
    for (struct meter_use *use = first; use; use = use->next)
        if (use->number == row->number)
            return use;
    struct meter_use *use = memory_checked(calloc(1, sizeof *use));
    use->next = first;
    use->number = row->number;
    use->kind = row->data.kind;
    use->policy = text_of(row->data.policy);
    use->revision = text_of(row->data.revision);
    atomic_store_explicit(&meter->first, use, memory_order_release);
    return use;
}

/* Only one thread writes: no locked instruction is needed. */
static void add(atomic_uint_fast64_t *number, uint64_t by) {
    atomic_store_explicit(number, atomic_load_explicit(number, memory_order_relaxed) + by,
                          memory_order_relaxed);
}

static void raise_to(atomic_uint_fast64_t *number, uint64_t value) {
    if (value > atomic_load_explicit(number, memory_order_relaxed))
        atomic_store_explicit(number, value, memory_order_relaxed);
}

int64_t meter_begin(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

void meter_ran(struct meter_use *use, int64_t began_ns, uint64_t instructions, bool failed) {
    int64_t passed_ns = meter_begin() - began_ns;
    uint64_t took_ns = passed_ns > 0 ? (uint64_t)passed_ns : 0;
    add(&use->calls, 1);
    add(&use->failures, failed);
    add(&use->runs, 1);
    add(&use->run_ns, took_ns);
    raise_to(&use->run_most_ns, took_ns);
    add(&use->instructions, instructions);
    raise_to(&use->instructions_most, instructions);
}

void meter_knew(struct meter_use *use) {
    add(&use->calls, 1);
    add(&use->known, 1);
}

void meter_failed(struct meter_use *use) {
    add(&use->calls, 1);
    add(&use->failures, 1);
}
