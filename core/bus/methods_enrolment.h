/* What other nouns show of enrolments. Threads: that of the query. Errors: as method.h. */
#pragma once

#include "bus/method.h"
#include "domain/things.h"

/* The enrolments of an activity, the claims of a post, or both of a person, the newest first, at
 * most ENROLMENTS_SHOWN. */
#define ENROLMENTS_SHOWN 100
int json_from_enrolments(struct query *query, enum noun noun, uint32_t number, struct arena *arena,
                         json_t **ret_list);
/* What stands on a person's lists: absences, complaints, training, qualifications. */
int put_conduct(struct query *query, uint32_t volunteer, struct arena *arena, json_t *object);
/* What the person agreed to, and what was withdrawn. */
int put_consents(struct query *query, uint32_t volunteer, json_t *object);
