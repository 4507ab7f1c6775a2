/* How things with attributes are shown: one get and one list for every noun whose attributes the
 * state keeps (domain/things.h). The catalogue says what they have; a table here (thing_view.c)
 * says what is shown beside: a state, counters, what other tables know. Filters of lists follow
 * from the attributes: `region` means "lies in", `name` and `title` mean "contains", all others
 * "is". Threads: that of the query. Errors: as method.h. */
#pragma once

#include "bus/method.h"
#include "domain/things.h"

#define THING_FILTERS 32

/* Adds to the thing's JSON. 0 or < 0. */
typedef int thing_show(struct query *query, uint32_t number, const struct thing *thing,
                       struct arena *arena, json_t *object);

struct thing_view {
    size_t n_states;
    const char *const *states; /* words of `state`; none: it has no state */
    /* The place of its state's word; NULL: thing.state. */
    int (*state)(struct query *query, uint32_t number, const struct thing *thing,
                 unsigned *ret_state);
    /* Where a thing without an attribute `region` lies, 0: nowhere; NULL: it has none. */
    int (*region)(struct query *query, uint32_t number, const struct thing *thing,
                  uint32_t *ret_region);
    thing_show *extras;   /* in get and in list; NULL: nothing */
    thing_show *details;  /* in get alone; NULL: nothing */
    const char *withheld; /* an attribute too large for lists; `details` shows it */
    /* By a parameter of the list's row in methods.c: whether the thing is asked for; NULL: all are.
     */
    int (*is_asked_for)(struct query *query, uint32_t number, bool *ret_takes);
    /* Lists are in the order of this table's keys, each of which tells a number; NULL: by number.
     */
    uint32_t (*ordered)(struct str key);
    enum table order;
};

/* All empty where the table says nothing of the noun. */
const struct thing_view *thing_view(enum noun noun);

enum filter_kind {
    FILTER_THING,    /* an id that leads to a number: former ids mean the same thing */
    FILTER_TEXT,     /* an id of what the state does not number */
    FILTER_CODE,     /* of a dictionary */
    FILTER_CHOICE,   /* one of a set of words */
    FILTER_BOOLEAN,  /* what was not said is false */
    FILTER_CONTAINS, /* part of a text */
    FILTER_REGION,   /* lies in a region */
    FILTER_SUBJECT_KIND,
    FILTER_SUBJECT, /* an id of that kind, or of any */
    FILTER_LISTED,  /* one of a list of texts */
    FILTER_STATE
};

struct thing_filter {
    const char *name;
    enum filter_kind kind;
    const struct field *field; /* NULL: FILTER_STATE, and FILTER_REGION by thing_view.region */
    uint64_t present;          /* its bit in data.present */
    const struct thing_view *view;
    /* What was asked for; nothing while not `given`. */
    bool given;
    int value; /* choice, boolean, state */
    enum noun noun;
    uint32_t number;
    struct str text;
};

/* The thing as a list shows it. 0 or < 0. */
int thing_show_number(struct query *query, enum noun noun, uint32_t number, json_t **ret_object);

size_t thing_filters(enum noun noun, struct thing_filter ret_filters[static THING_FILTERS]);
/* Reads the query's parameter of that name. 0, > 0 with the problem, < 0. */
int thing_filter_read(struct query *query, struct thing_filter *filter);
/* Whether the thing passes. 0 or < 0. */
int thing_filter_takes(struct query *query, const struct thing_filter *filter, uint32_t number,
                       const struct thing *thing, bool *ret_takes);
