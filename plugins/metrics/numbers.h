/* What numbers.get and plugin.list answer, as families of the exposition. One table (numbers.c) has
 * each number's name, type, help and where it stands in the answer; the README's table and the
 * dashboard are held against it.
 *
 * Threads: the loop's. Errors: what an answer does not have is left out. */
#pragma once

#include <volunteerd/volunteer_plugin.h>

#include "exposition.h"

/* `plugins` may be NULL: the daemon did not say. `indicators`: those of the city, too. */
void numbers_put(struct vol_core *core, const struct vol_value *metrics,
                 const struct vol_value *plugins, bool indicators, struct exposition *exposition);
