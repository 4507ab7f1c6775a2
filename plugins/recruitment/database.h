/* The plugin's own database: how far each resource was read, which of our things each of the
 * platform's is and what was said about it, what waits or is for a person to look at, what the
 * platform was told. One transaction ties a page's results to its cursor, another the journal's
 * cursor to what it put into the outbox.
 *
 * Nothing personal is kept: of sealed members a keyed digest, which says whether they changed; the
 * key is made of the token, which is not in the folder. Threads: one. Memory: as sql.h; JSON
 * belongs to the caller. Errors: the database keeps them. */
#pragma once

#include <jansson.h>

#include "common/sql.h"
#include "resources.h"

#define EXTERNAL_MOST 40 /* bytes of the platform's ids */
#define OURS_MOST 64

/* Opens <folder>/recruitment.db. 0, or < 0. */
int database_open(struct sql *sql, const char *folder);

/* ---- numbers with a name ---- */
int64_t database_number(struct sql *sql, const char *name, int64_t fallback);
void database_number_set(struct sql *sql, const char *name, int64_t number);

/* ---- cursors ---- */
struct place {
    int64_t modified;
    char id[EXTERNAL_MOST + 1];
    bool begun; /* else from the start */
};
void cursor_read(struct sql *sql, enum resource resource, struct place *ret_place);
void cursor_write(struct sql *sql, enum resource resource, const struct place *place,
                  int64_t n_pulled);
/* < 0, 0, > 0 */
int place_compare(const struct place *place, int64_t modified, const char *id);

/* ---- things ---- */
struct thing {
    char ours[OURS_MOST + 1];
    int64_t modified;
    bool known;  /* there is a row */
    bool linked; /* a person said which of ours it is */
    bool adopts; /* what it has now was not said by us, and counts as said */
    bool deleted;
    json_t *said; /* by statement; never NULL where known */
};
void thing_read(struct sql *sql, enum resource resource, const char *external,
                struct thing *ret_thing);
void thing_release(struct thing *thing);
/* `pair`: by what a decision about it is found again; NULL: none. */
void thing_write(struct sql *sql, enum resource resource, const char *external,
                 const struct thing *thing, const char *pair);
/* Who came where: the caller frees it. `shift` may be NULL. */
char *pair_make(const char *activity, const char *shift, const char *volunteer);
/* The live one that is ours, the oldest link first; false: none. */
bool thing_external(struct sql *sql, enum resource resource, const char *ours,
                    char ret_external[static EXTERNAL_MOST + 1]);
bool thing_by_pair(struct sql *sql, enum resource resource, const char *pair,
                   char ret_external[static EXTERNAL_MOST + 1]);

/* ---- problems ---- */
struct problem {
    bool is_set;
    bool waits; /* it may be good later */
    char code[48], field[96], message[400];
};
/* Notes it, or that it was seen once more. `item`: to be tried again without asking for it; NULL.
 */
void problem_write(struct sql *sql, enum resource resource, const char *external, int64_t modified,
                   const struct problem *problem, int64_t next_ms, const char *item);
void problem_forget(struct sql *sql, enum resource resource, const char *external);
int64_t problem_attempts(struct sql *sql, enum resource resource, const char *external,
                         int64_t modified);
int64_t problem_count(struct sql *sql, const char *state);
