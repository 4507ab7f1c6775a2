/* A volunteer's points as a fact. Threads: the host's owner. */
#pragma once

#include "policy/object.h"

/* Reader: volunteer:points{account, what, from, to}. */
int points_of_volunteer(struct reading *reading);
