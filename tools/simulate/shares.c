#include "shares.h"

#define TRIES 60u

uint32_t share_of_year(const struct plan *plan, uint32_t per_10000) {
    uint32_t n = (uint32_t)((uint64_t)plan->n_volunteers * per_10000 / 10000);
    return n ? n : 1;
}

static uint32_t before(uint32_t in_a_year, uint32_t days) {
    return (uint32_t)((uint64_t)in_a_year * days / SHARE_YEAR);
}

uint32_t share_of_day(uint32_t in_a_year, uint32_t from, uint32_t day, uint32_t *ret_first) {
    *ret_first = 0;
    if (day < from)
        return 0;
    *ret_first = before(in_a_year, day - from);
    return before(in_a_year, day - from + 1) - *ret_first;
}

uint32_t share_person(const struct people *people, struct random *random, uint32_t item,
                      uint32_t items, uint32_t least_zeal, uint32_t most_zeal) {
    uint64_t n = people->plan->n_volunteers;
    uint32_t first = (uint32_t)(n * (item % items) / items);
    uint32_t end = (uint32_t)(n * (item % items + 1) / items);
    for (uint32_t tries = 0; tries < TRIES && first < end; tries++) {
        uint32_t volunteer = first + random_below(random, end - first);
        const struct person *person = &people->items[volunteer];
        if (person->zeal >= least_zeal && person->zeal <= most_zeal && !person->week &&
            !(person->flags & (PERSON_MINOR | PERSON_WITHDRAWS)))
            return volunteer;
    }
    return NO_PERSON;
}
