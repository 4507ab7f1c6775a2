/* Decisions as readers see them: the events that decided something are read back from the journal,
 * and their findings are worded by the policy that made them. Threads: that of the query. Memory:
 * JSON objects to fill are borrowed; the caller keeps them alive until they are filled. Errors: < 0
 * where the journal cannot be read; what was archived is left out. */
#pragma once

#include "bus/method.h"

json_t *json_from_scalar(const struct scalar *scalar);
/* [{code, value?, needed?, text}] as the revision words them. */
json_t *json_from_findings(struct query *query, struct str revision, const struct list *findings,
                           struct arena *arena);
/* What an assessment says must be looked at: [{code, severity, text, help}]. */
json_t *json_from_alerts(const struct list *alerts);
/* The findings of a decision's data, or NULL where its type has none. */
const struct list *event_findings(const struct event *event);

/* Objects that each want one event of the journal. Zeroed is empty. */
struct wanted {
    uint64_t sequence;
    json_t *into;
};
struct wanted_list {
    struct wanted *items;
    size_t n;
    size_t capacity;
};
/* Sequence 0 wants nothing. The list grows in the query's arena. */
void wanted_add(struct query *query, struct wanted_list *list, uint64_t sequence, json_t *into);
/* Gives each object `findings` and, where the event has them, `revision` and `reason`: in order of
 * sequence, so that the journal is read forward. Sorts the list. */
int wanted_fill(struct query *query, struct wanted_list *list);
