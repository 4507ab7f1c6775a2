/* From the JSON of one or many events to a batch for the engine: the same for whoever publishes,
 * over the bus or from a plugin. Threads: one owner of the batch. Memory: the batch's arena. */
#pragma once

#include "engine/engine.h"
#include "util/dom.h"

/* Whether whoever sent this event may send it: 0, or > 0 with *problem. */
typedef int intake_judge(const void *context, const struct event *event, struct problem *problem);

struct intake {
    const struct keyring *keyring;
    intake_judge *judge; /* may be NULL */
    const void *context;
};

/* Fills events and results of a batch from `body`, an object or an array of n. What is wrong is a
 * result already. */
void intake_decode(const struct intake *intake, struct dom_value body, size_t n,
                   struct batch *batch);
/* True where the engine has something to do. */
bool intake_any(const struct batch *batch);
/* Hands it to the engine. 0: it is the engine's; 1: the engine did not take it, and all results say
 * why. Does not wake the engine. */
int intake_submit(struct engine *engine, struct batch *batch);
