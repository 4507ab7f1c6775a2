/* Who may be registered twice: people of a region with one name and month of birth, or one
 * telephone. What is sealed is opened, hashed and forgotten; only ids are told, and so nothing is
 * noted as read. Threads: that of the query. Errors: as method.h. */
#pragma once

#include "bus/method.h"

/* [{same: name_and_birth or phone, volunteers: [id]}], at most `limit` of them, and how many there
 * are. > 0 with too_large where there are too many people to compare. */
int suspects_find(struct query *query, uint32_t region, size_t limit, json_t **ret_items,
                  size_t *ret_n);
