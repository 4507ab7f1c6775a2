/* The events around a past decision, and which of them come from one answer. For decided.c.
 * Threads: any. Memory: the arena given. */
#pragma once

#include "engine/decided.h"

/* Events in order; those that follow from `cause`, and that one. */
struct stretch {
    struct arena *arena;
    size_t n;
    size_t capacity;
    struct event *list;
};

/* 0, DECIDED_UNKNOWN, DECIDED_ARCHIVED, < 0. */
int decided_event(struct journal *journal, uint64_t sequence, struct arena *arena,
                  struct event *ret_event);
/* What follows from `cause` around that sequence: from where one event's decisions may begin, up to
 * the end of the chunk, or to the next event that follows from something else. */
int stretch_read(struct journal *journal, uint64_t sequence, uint64_t cause,
                 struct stretch *stretch);
/* Where that sequence stands in it; its n where it does not. */
size_t stretch_place(const struct stretch *stretch, uint64_t sequence);

/* Whether its first finding has this code. */
bool event_says(const struct event *event, struct str code);
/* An entry of points that a rule granted, not one that takes another back; else NULL. */
const struct points_posted *event_grant(const struct event *event);
/* Points of that record, posted or withheld. */
bool event_is_of_record(const struct event *event, struct str record);

/* Sets entries, n and the event with findings and facts: of the answer that the entry at that place
 * belongs to; and the same of a record that was asked about anew. */
void stretch_entries(const struct stretch *stretch, size_t at, struct decided *decided);
void stretch_entries_anew(const struct stretch *stretch, size_t at, struct decided *decided);
