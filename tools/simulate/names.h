/* Names made of common surnames and characters of given names, drawn independently of each other.
 * Memory: written into the caller's array; the result borrows it. */
#pragma once

#include "random.h"
#include "util/str.h"

#define NAME_BYTES 16u

struct str name_draw(struct random *random, bool male, char ret_name[static NAME_BYTES]);
/* A surname with 家长, for whoever consents for a child. */
struct str guardian_draw(struct random *random, char ret_name[static NAME_BYTES]);
