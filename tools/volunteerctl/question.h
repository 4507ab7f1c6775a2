/* One field of an event, asked of the person at the terminal: its label, its form, its choices
 * numbered; what is typed is checked at once and asked for again where it is wrong. Threads: one.
 */
#pragma once

#include "compose.h"
#include "prompt.h"
#include "thing.h"

enum answer {
    ANSWER_GIVEN,
    ANSWER_SKIPPED, /* an empty answer: what was there stays, or goes where it may */
    ANSWER_BACK,    /* "<" */
    ANSWER_GONE,    /* gave up, or input ended */
    ANSWER_LOST     /* the daemon cannot be asked any more (complained) */
};

struct asking {
    struct composer *composer;
    struct prompt *prompt;
    struct things things;
};

/* The place of a field in the event's data. */
struct slot {
    const struct field *field;
    char path[128];     /* "place.text" */
    bool needed;        /* may not be left out */
    const char *within; /* field of the optional object that it is a part of, or NULL */
    bool own; /* the identifier of the thing that this event defines: nobody knows it yet */
};

/* Asks for the field and puts the answer into the data. */
enum answer question_ask(struct asking *asking, const struct slot *slot);

/* The value at a path; NULL where there is none. */
json_t *slot_value(const json_t *data, const char *path);
/* `value` is taken; NULL takes away what stands there. */
void slot_set(json_t *data, const char *path, json_t *value);
