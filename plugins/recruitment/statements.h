/* What is to be published about one item: the statements of the mapping, less what was said before.
 *
 * A statement is known by its type, for some types with what it is about (team.joined#tszyz:T1).
 * Attributes of teams, people and activities are said once; later only what changed is. Some are
 * late: what ends a thing is published when everything else of the platform was read, so that what
 * hangs on it (an enrolment of last year for an activity that is closed by now) still finds it.
 * Threads: one. Memory: owned by the list. Errors: none. */
#pragma once

#include <jansson.h>
#include <sodium.h>
#include <stdint.h>

#include "resources.h"

#define STATEMENT_NAME 128
#define EVENT_ID_BYTES 64
#define DIGEST_KEY_BYTES crypto_auth_hmacsha256_KEYBYTES

enum statement_effect {
    EFFECT_SAY,    /* once it is stored it counts as said */
    EFFECT_MERGE,  /* ... `said` is laid over what was said under that name */
    EFFECT_FORGET, /* ... what was said under that name is no longer so */
};

struct statement {
    char name[STATEMENT_NAME]; /* under which it counts as said */
    char id[EVENT_ID_BYTES];
    char *type, *time; /* time may be NULL */
    json_t *data;      /* what is published */
    json_t *said;      /* what is kept of it */
    enum statement_effect effect;
};

struct statements {
    struct statement *items;
    size_t n;
    json_t *late;    /* object: name -> {type, data, time} */
    json_t *adopted; /* what counts as said without being published: name -> said */
    json_t *mapped;  /* object: name -> true, all that the mapping said */
    /* What had ended here by that goes on there: nothing that ends begins again under its id, so a
     * person has to look at it, and nothing is to be published. "": it is not so. */
    char ended[STATEMENT_NAME];
};

struct statement_source {
    enum resource resource;
    const char *external, *ours, *system, *modified_time;
    int64_t modified;
    const json_t *said; /* so far; NULL: it is new */
    bool deleted, linked, adopts;
    const uint8_t *digest_key;
};

/* `list`: of the mapping. */
void statements_make(const struct statement_source *source, const json_t *list,
                     struct statements *ret_statements);
/* One that was put off, as it was noted down. */
void statements_make_late(const struct statement_source *source, const char *name,
                          const json_t *one, struct statements *ret_statements);
void statements_release(struct statements *statements);
/* What was said, with what the statement adds to it. */
void statement_apply(const struct statement *statement, json_t *said);
/* An id that follows from what is said about what and when, without digits that could be somebody's
 * number, in the order of time. */
void event_id_make(enum resource resource, const char *external, int64_t modified, const char *name,
                   char ret_id[static EVENT_ID_BYTES]);
