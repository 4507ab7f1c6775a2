#include "schedule.h"

#include <stdlib.h>
#include <string.h>

void schedule_init(struct schedule *schedule) {
    *schedule = (struct schedule){.seconds = calloc(DAY_S + 1, sizeof(uint32_t))};
    if (!schedule->seconds)
        abort();
}

void schedule_deinit(struct schedule *schedule) {
    for (uint32_t i = 0; i < SCHEDULE_DAYS; i++)
        free(schedule->days[i].entries);
    free(schedule->sorted.entries);
    free(schedule->seconds);
    *schedule = (struct schedule){0};
}

static void day_reserve(struct schedule_day *day, size_t n) {
    if (n <= day->capacity)
        return;
    day->capacity = n > day->capacity * 2 ? n : day->capacity * 2;
    day->entries = reallocarray(day->entries, day->capacity, sizeof(*day->entries));
    if (!day->entries)
        abort();
}

void schedule_add(struct schedule *schedule, const struct entry *entry) {
    struct schedule_day *day = &schedule->days[entry->moment / DAY_S % SCHEDULE_DAYS];
    day_reserve(day, day->n + 1);
    day->entries[day->n++] = *entry;
}

/* Counting sort by the second of the day: stable, and linear. */
const struct entry *schedule_take(struct schedule *schedule, uint32_t number, size_t *ret_n) {
    struct schedule_day *day = &schedule->days[number % SCHEDULE_DAYS];
    struct schedule_day *sorted = &schedule->sorted;
    uint32_t *starts = schedule->seconds;
    memset(starts, 0, (DAY_S + 1) * sizeof(*starts));
    for (size_t i = 0; i < day->n; i++)
        starts[day->entries[i].moment % DAY_S + 1]++;
    for (uint32_t second = 1; second <= DAY_S; second++)
        starts[second] += starts[second - 1];
    day_reserve(sorted, day->n + 1);
    for (size_t i = 0; i < day->n; i++)
        sorted->entries[starts[day->entries[i].moment % DAY_S]++] = day->entries[i];
    *ret_n = sorted->n = day->n;
    day->n = 0;
    return sorted->entries;
}
