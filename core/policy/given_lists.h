/* In a case: of a list that is given for a fact with arguments, the entries that these ask for.
 * Threads: the host's owner. */
#pragma once

#include "policy/object.h"

/* Replaces the list on the top. Entries are taken as the real ones are: by their day `on` within
 * `from` and `to`, by `excused`, `outcome` and `course`, and by `valid_until` where `valid_on` is
 * asked; what an entry does not say fits. */
void given_list_choose(struct reading *reading, const struct fact *fact);
