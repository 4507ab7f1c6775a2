/* The facts that a policy read, as they are stored with its decision: name, arguments, value. To 2
 * KiB; beyond that a digest of them stands instead. Form: byte 1, then per fact: counted name
 * with the path before it ("volunteer.region.id"), counted arguments
 * ("from=2018-01-01,to=2018-12-31" or empty), value (enum fact_kind of fact_log.h); or byte 2 and a
 * BLAKE2b-128 digest. An object that was reached by another path before has the value FACT_SAME,
 * with that path; of a list of objects the value is their ids, and each has the path name[id].
 * Threads: pure. */
#pragma once

#include "event/fields.h"

#define FACTS_LIMIT 2048

enum facts_form { FACTS_LIST = 1, FACTS_DIGEST = 2 };

/* JSON array [{"fact","arguments","value"}] or {"digest"}; `null` where empty. */
void facts_to_json(struct str facts, struct buf *out);
