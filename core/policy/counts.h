/* region:count(name), organisation:count(name). Threads: the host's owner. */
#pragma once

#include "policy/object.h"

int counts_read(struct reading *reading, enum noun noun);
