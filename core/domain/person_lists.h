/* What is kept of a person besides service, a list of each: absences, complaints, training,
 * cancellations, ratings. An entry is about one enrolment, complaint, training or record, and is
 * replaced where that changes. Each list is one row, oldest first, so that a rule reads it in one
 * go. Threads: the view's owner. */
#pragma once

#include "domain/things.h"

/* Numbers stand in keys and are for ever. */
enum person_list {
    LIST_ABSENCES,
    LIST_COMPLAINTS,
    LIST_TRAININGS,
    LIST_CANCELLATIONS, /* of places that the person had */
    LIST_RATINGS,       /* of records, by the served */
    PERSON_LISTS
};

struct person_entry {
    uint32_t number;  /* of the enrolment, complaint, training or record */
    int32_t on;       /* date: of the activity, of the complaint's event, of the training */
    int32_t until;    /* of a training: last day on which it holds, 0: no end */
    uint32_t other;   /* absence, cancellation, rating: activity; complaint: record, 0: the person;
                         training: course */
    uint32_t minutes; /* of a training; of a cancellation how long before the start */
    uint8_t state;    /* absence: enum absence; complaint: enum complaint_state; training: 1 passed;
                         rating: 1 to 5 */
    uint8_t spare[3];
};

/* Entries are copied out one by one: a row need not be aligned. */
struct person_entries {
    size_t n;
    const char *items;
};
struct person_entry person_entry_at(const struct person_entries *entries, size_t i);
/* None where there is no row. Borrowed as view_get says. 0 or < 0. */
int person_list_get(struct view *view, uint32_t volunteer, enum person_list list,
                    struct person_entries *ret_entries);
const char *person_list_text(enum person_list list);

/* For apply functions. > 0 with out_of_range where the list is full (`field` is the place). */
#define PERSON_LIST_LIMIT 2000
int person_list_put(struct context *context, uint32_t volunteer, enum person_list list,
                    const struct person_entry *entry, const char *field);
/* The entry of that number goes, if it is there. */
int person_list_drop(struct context *context, uint32_t volunteer, enum person_list list,
                     uint32_t number);
/* What is on the one's list is on the other's from now on, oldest first; of more than
 * PERSON_LIST_LIMIT the oldest go. */
int person_list_move(struct context *context, uint32_t from, uint32_t into, enum person_list list);
