/* The teams a volunteer is in, as a fact. Threads: the host's owner. */
#pragma once

#include "policy/object.h"

/* Reader: volunteer.teams, on the question's day: list of { id, name, category, joined_on }. */
int volunteer_teams(struct reading *reading);
