#include "engine/seen.h"

#include <stdlib.h>

#include "domain/policies.h"
#include "util/memory.h"

void seen_deinit(struct seen *seen) {
    free(seen->list);
    *seen = (struct seen){0};
}

static struct seen_subject *subject_at(struct seen *seen, uint32_t n) {
    if (n > seen->n) {
        size_t grown = seen->n ? seen->n : 64;
        while (grown < n)
            grown *= 2;
        seen->list = realloc(seen->list, grown * sizeof *seen->list);
        if (!seen->list)
            memory_out();
        memset(seen->list + seen->n, 0, (grown - seen->n) * sizeof *seen->list);
        seen->n = grown;
    }
    return &seen->list[n - 1];
}

static void forget_old(struct seen *seen, struct view *view) {
    uint32_t generation = policy_generation(view);
    if (generation == seen->generation)
        return;
    for (size_t i = 0; i < seen->n; i++)
        seen->list[i].steady = false;
    seen->generation = generation;
}

int seen_is_same(struct seen *seen, const struct policy_host *host, struct view *view, uint32_t n,
                 enum noun noun, uint32_t number, int32_t as_of) {
    forget_old(seen, view);
    const struct seen_subject *subject = subject_at(seen, n);
    int32_t changed_on;
    /* A report may be of the day after the one it was recorded on: clocks differ a little. */
    if (!subject->steady || subject->as_of <= subject->disturbed || subject->as_of >= as_of ||
        policy_host_turns(host, POLICY_KIND_ASSESSMENT, subject->as_of, as_of))
        return 0;
    int r = counter_changed_on(view, noun, number, &changed_on);
    return r == 0 ? changed_on <= subject->as_of : r;
}

void seen_note(struct seen *seen, uint32_t n, int32_t as_of, bool steady) {
    struct seen_subject *subject = subject_at(seen, n);
    subject->as_of = as_of;
    subject->steady = steady;
}

void seen_disturb(struct seen *seen, uint32_t n, int32_t date) {
    subject_at(seen, n)->disturbed = date;
}
