/* What an apply function works with. apply_<type>(context, event, data) changes the state as the
 * event says, or refuses it (> 0, *context->problem filled, nothing of it stays). It runs live and
 * in replay, and must come to the same result both times: no clock, no randomness, no file; the
 * policies' decisions are events of their own.
 *
 * A consequence that a policy decides is asked for with context_ask; live, the engine asks and
 * applies the decision; in a replay the recorded decision follows by itself. Threads: the engine's.
 * Memory: the arena of the event. */
#pragma once

#include "event/event.h"
#include "store/store.h"
#include "util/calendar.h"

/* A question to a policy: who, under which rule's kind, for which day. */
struct question {
    enum POLICY_KIND_choice kind;
    uint32_t number;         /* of the volunteer or the record */
    int32_t date;            /* the service date for acceptance and points, as_of for the rest */
    enum noun noun;          /* of a kind that has several subjects: which one this is */
    enum event_number event; /* what raised it, for context.cause; 0: the event asked about */
};

/* Most events raise few; a stay of a week at a stretch gives a record a day, and each asks of
 * itself. */
#define QUESTIONS_USUAL 8
#define QUESTION_LIMIT 32

/* A thing that the event names, by the id under which it was defined. */
struct named {
    enum noun noun;
    uint32_t number;
    struct str id; /* of the event or a decision */
};

#define NAMED_LIMIT 8

struct context {
    struct view *view;
    struct store_writer *store;
    const struct zone *zone;
    struct arena *arena;
    struct buf scratch; /* for building a row; owned by whoever made the context */
    struct problem *problem;
    const struct event *event;
    uint64_t sequence;
    int64_t recorded_us;
    int32_t today; /* the recorded day, in the city's zone */
    size_t n_questions;
    struct question questions[QUESTION_LIMIT];
    uint32_t new_record; /* that the event has recorded, as long as no entry stands of it; or 0 */
    size_t n_named;      /* some of what was resolved, for thing_resolve and thing_named */
    struct named named[NAMED_LIMIT];
};

void context_ask(struct context *context, enum POLICY_KIND_choice kind, uint32_t number,
                 int32_t date);
void context_ask_of(struct context *context, struct question question);
/* The event's date in the city's zone. */
int32_t context_date(const struct context *context);
/* The day the daemon recorded it on: what "the end of a past day" goes by. */
int32_t context_today(const struct context *context);

/* One function for each row of the catalogue; a missing one does not link. */
#define S(name)                                                                                    \
    int apply_##name(struct context *context, const struct event *event, const struct name *data);
#define T(number, name, type, writer, version, noun, label) S(name)
EVENT_TYPES(T)
#undef T
#undef S

/* By the event's type. 0, > 0 refused with *context->problem, < 0 fatal. */
int apply_event(struct context *context, const struct event *event);
