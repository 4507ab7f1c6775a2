/* What is sealed about a person, opened for those who may see it: a paper that the person asked
 * for. Whoever shows it in clear journals the reading first.
 *
 * Threads: that of the query. Memory: in the arena given. Errors: 0, < 0. */
#pragma once

#include "bus/method.h"
#include "domain/things.h"

/* The identity of a volunteer. *ret_known is false where none was given, or where its key is gone.
 */
int sealed_identity(struct query *query, uint32_t volunteer, struct arena *arena,
                    struct identity *ret_identity, bool *ret_known);
/* 张三 -> 张*, one asterisk for each character behind the first. */
struct str name_masked(struct str name, struct arena *arena);
