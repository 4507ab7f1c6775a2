/* Identifiers that a person types: whether there is such a thing, what it is called, and what may
 * be meant by a part of a name. Threads: one. */
#pragma once

#include "command.h"
#include "prompt.h"

struct things {
    struct call *call;
    json_t *regions; /* all of them, from the first Tab on */
};

/* The attribute that a thing of this kind is called by; NULL where it has none. */
const char *thing_name_key(const char *noun);

void things_init(struct things *things, struct call *call);
void things_deinit(struct things *things);
/* For Tab: things of that kind by code or by a part of the name. */
void things_offer(struct things *things, const char *noun, const char *typed,
                  struct candidates *candidates);
/* The thing that was typed, by its identifier or, where that is not ambiguous, its name. DONE with
 * *ret_id (to be freed) and what it is called ("" where that is not known); REFUSED with the reason
 * printed; UNREACHABLE. Kinds of which nobody can ask pass as they are. */
int things_find(struct things *things, const char *noun, const char *typed, char **ret_id,
                struct buf *ret_name);
