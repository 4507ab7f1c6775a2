/* region:count(name, {from, to}), organisation:count(...). Threads: the host's owner. */
#pragma once

#include "policy/object.h"

#define COUNT_ARGUMENTS (ARGUMENT_NAME | ARGUMENT_FROM | ARGUMENT_TO)
/* Raises where the name is not counted, or not over those days. */
void counts_check(struct reading *reading);
int counts_read(struct reading *reading, enum noun noun);
