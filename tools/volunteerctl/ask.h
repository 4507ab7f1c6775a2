/* Commands that are query methods: the daemon vets them and writes the event itself. Threads: one.
 */
#pragma once

#include "command.h"
#include "util/calendar.h"

/* Asks `method` with `params` (taken) and says what became of it: `done` (a sentence without its
 * end) and the sequence, or the JSON. */
int ask_and_say(struct call *call, const char *method, json_t *params, const char *done);
/* Of a command over a list: says of each entry that was refused why, named by its member `key`.
 * Returns how many were. */
size_t ask_rejections(const json_t *entries, const char *key, const json_t *result);
/* The city's today, "" where the daemon has no city yet. DONE, or an exit code. */
int ask_today(struct call *call, char ret_date[static 16]);
/* The city's time zone; complains where there is no city yet. */
int ask_zone(struct call *call, struct zone *ret_zone);
