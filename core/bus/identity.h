/* Opening what is sealed of a person's identity, for a reading that was asked for. Whoever shows it
 * to somebody notes it first (identity_note_read): no name leaves without an event that says who
 * looked, at whom, and what for. Threads: that of the query. Errors: as method.h. */
#pragma once

#include "bus/method.h"
#include "domain/things.h"

struct opened_identity {
    struct identity identity; /* borrows from `plain` */
    struct str plain;
};
/* 0; THING_NOT_FOUND where there is none, or the person was erased; < 0. Close it when done. */
int identity_open(struct query *query, uint32_t volunteer, struct arena *arena,
                  struct opened_identity *ret_opened);
/* What was opened is overwritten. */
void identity_close(struct opened_identity *opened);
/* identity.read of each, durable when it returns. `purpose` is what the question says, else
 * `otherwise`. > 0 where it cannot be noted: then nothing may be shown. */
int identity_note_read(struct query *query, const uint32_t *volunteers, size_t n,
                       const char *otherwise);
