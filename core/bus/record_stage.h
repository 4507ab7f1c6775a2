/* Where a record stands on its way: from pending to confirmed, in a public notice, final; what is
 * disputed says so before all else. Threads: that of the query. Errors: as method.h. */
#pragma once

#include "bus/method.h"
#include "domain/records.h"

enum record_stage {
    STAGE_PENDING,   /* nobody has decided: pending or held */
    STAGE_CONFIRMED, /* accepted, in no public notice */
    STAGE_NOTICED,   /* accepted, in one that is not over */
    STAGE_FINAL,
    STAGE_DISPUTED,
    STAGE_REFUSED,
    STAGE_REVOKED,
    RECORD_STAGES
};
const char *record_stage_text(enum record_stage stage);
int record_stage(struct query *query, uint32_t number, const struct record_row *row,
                 enum record_stage *ret_stage);
/* Adds the notice that the record was in last, the last dispute, and to whom it was transferred. */
int record_put_stage(struct query *query, uint32_t number, const struct record_row *row,
                     struct arena *arena, json_t *object);
