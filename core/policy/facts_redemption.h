/* The request that redemption policies are asked about. Threads: the host's owner. */
#pragma once

#include "policy/object.h"

/* Whose residence decides which rule is asked. */
int redemption_request_region(struct call *call, const struct object *request,
                              uint32_t *ret_region);
