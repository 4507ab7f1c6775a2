/* Facts as they were stored with a decision, in place of the state: a policy that is asked again
 * reads what it read then, by path, name and arguments. What it asks for that is not among them
 * ends the call, and is named.
 *
 * Objects are known by their paths. One that was reached a second way has there a fact of kind
 * FACT_SAME, which names the path it was reached by first; any other stands for itself. Threads:
 * the host's owner. Memory: borrows the stored bytes; what it lists lies in the arena given. */
#pragma once

#include "policy/object.h"

struct stored_facts;

/* Of the bytes that facts.h describes; none: no fact was read. 0, or > 0 where they are no list. */
int stored_facts_open(struct str facts, struct arena *arena, struct stored_facts **ret_facts);
void stored_facts_close(struct stored_facts *facts);
/* The first fact that was asked for and is not there, as "volunteer.minutes(from=2018-01-01)", or
 * STR_NONE. */
struct str stored_facts_missing(const struct stored_facts *facts);

/* Pushes the object that stands at that path. */
int stored_object_push(struct policy_host *host, enum object_kind kind, struct str path);
/* The reader of every fact, while the call has stored ones. */
int stored_fact_read(struct reading *reading, const struct fact *fact);
