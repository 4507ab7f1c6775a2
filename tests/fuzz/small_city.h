/* A small city (city.jsonl beside this file) over a real journal, keyring and store in a folder of
 * the target's own, with the shipped policies in force: made once, then copied whenever a target
 * wants it as it was. The clock stands at a day in 2018 and goes on from there. Threads: one owner;
 * the engine has its own. Errors: none is expected, all abort. */
#pragma once

#include "bus/method.h"

struct small_city;

/* With an engine and what query methods need. */
struct small_city *small_city_open(void);
void small_city_close(struct small_city *city);
const struct services *small_city_services(struct small_city *city);

/* Only the folder of the state, committed and closed. Borrowed, static. */
const char *small_city_state(void);
