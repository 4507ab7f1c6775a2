/* Organisations: units, associations, branches, committees. Attributes only; what is counted for
 * them is in counters. */
#pragma once

#include "domain/things.h"

int organisation_attributes(struct view *view, uint32_t organisation, struct arena *arena,
                            struct organisation_defined *ret_organisation);
