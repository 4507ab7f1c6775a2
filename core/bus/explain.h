/* What the methods of `explain` share. Threads: that of the query. Memory: JSON is given to the
 * caller. Errors: as method.h. */
#pragma once

#include "bus/method.h"

/* {"revision", "title", "from": the day of the parameters, "parameters": [{"name", "title"?,
 * "unit"?, "value", "words"}], "later": [days of later ones]} of a revision on that day; with the
 * question's `rule` its `text`, too. null for STR_NONE. */
json_t *explain_rule(struct query *query, struct str revision, int32_t date);

int explain_volunteer(struct query *query, json_t **ret_result);
int explain_region(struct query *query, json_t **ret_result);

/* What may change a volunteer's stars yet, as a list: an application, a run that has not come to
 * them, a rule or parameters that hold from a later day, records that wait for a review. */
int explain_pending(struct query *query, uint32_t volunteer, json_t **ret_list);
