/* One event as a publisher writes it: the catalogue's checks, then who may write its type.
 * Threads: pure. */
#pragma once

#include "event/event.h"
#include "keyring/keyring.h"

/* `writer`: who says it: WRITER_PUBLISHER, or WRITER_COMMAND, who may say both. 0, or > 0 with
 * *problem: then ret_event->type is NULL, its id is there where it could be read. */
int decode_event(const struct keyring *keyring, struct dom_value value, enum writer writer,
                 struct arena *arena, struct event *ret_event, struct problem *problem);
