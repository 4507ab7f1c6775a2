/* What other nouns show of appeals and of second looks at records. Threads: that of the query.
 * Errors: 0 or < 0. */
#pragma once

#include "bus/method.h"
#include "domain/things.h"

/* `check`: the signals, and what was answered. */
int put_check(struct query *query, uint32_t record, json_t *object);
/* `judged_by`, `judged_at` and, where it was refused or revoked, `appeal_until`. */
int put_verdict(struct query *query, uint32_t record, json_t *object);
/* `appeal`: the newest one about a volunteer or a record. */
int put_appeal(struct query *query, enum noun noun, uint32_t number, struct arena *arena,
               json_t *object);
/* `standing`: what it is on the day, since when, until when, and why (methods_volunteer.c). */
int put_standing_explained(struct query *query, uint32_t volunteer, int32_t on, json_t *object);
