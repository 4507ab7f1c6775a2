/* When people serve: the months, the week and the days that everybody knows (5 March is Lei Feng's,
 * 5 December the volunteers'). Threads: pure functions. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define SEASON_AVERAGE 1000u

/* Per mille of an average day. */
uint32_t season_factor(int32_t date);
bool season_is_weekend(int32_t date);
bool season_is_march(int32_t date);
bool season_is_new_years_eve(int32_t date); /* 31 December */
