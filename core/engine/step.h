/* One record applied to the state: the same function for what is happening and for what is read
 * back from the journal, so that both come to the same rows. Threads: the writer's. */
#pragma once

#include "domain/city.h"
#include "domain/context.h"
#include "domain/hot.h"

/* What a writer keeps from record to record. */
struct stepper {
    struct store_writer *writer;
    struct hot *hot;
    struct context context;
    struct city city;
    bool has_city;
};

int stepper_init(struct stepper *stepper, struct store_writer *writer);
void stepper_deinit(struct stepper *stepper);

/* Readies the context for an event and what follows from it. */
void stepper_begin(struct stepper *stepper, struct arena *arena, struct problem *problem);
/* Applies event->sequence at event->recorded_us into the event layer: identifier, key slots,
 * recorded time, then the type's own function. 0, > 0 refused with the problem, < 0 fatal. The
 * caller accepts or refuses the layer. */
int stepper_apply(struct stepper *stepper, const struct event *event);
/* After store_accept: what the stepper itself keeps follows. */
int stepper_accepted(struct stepper *stepper, const struct event *event);

/* Deduplication: 0 with the first one's sequence and digest, or THING_NOT_FOUND. */
int event_id_find(struct view *view, struct str source, struct str id, uint64_t *ret_sequence,
                  uint64_t *ret_digest);
/* See store/store.h: where the two will be looked for. */
view_hint event_id_hint(struct view *view, struct str source, struct str id);
uint64_t event_id_digest(const struct event *event);
