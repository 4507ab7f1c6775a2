/* A decision about an alert (raised, cleared) as it was recorded and as it is answered now, for
 * policy.replay. Threads: that of the query. */
#pragma once

#include "bus/decision_json.h"

void alert_put_recorded(const struct decided *decided, json_t *object);
void alert_put_answered(const struct decided *decided, const struct answer *answer, json_t *object);
