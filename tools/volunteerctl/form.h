/* Asks a person for what an event lacks. Threads: one. Both return DONE where the event is whole
 * and to be sent; REFUSED where the person gave up (said so); UNREACHABLE. */
#pragma once

#include "compose.h"

/* *ret_asked: something was missing, so that the person was asked, and saw the event before it is
 * sent. */
int form_fill(struct composer *composer, bool *ret_asked);
/* After the daemon refused it: shows it again, to be changed and sent again. */
int form_mend(struct composer *composer);
