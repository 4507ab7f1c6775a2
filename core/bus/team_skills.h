/* What the members of a team hold of the qualifications that the team needs. A walk over its
 * members: for readers alone. Threads: the view's owner. */
#pragma once

#include "domain/teams.h"

struct team_skill {
    struct str name;
    int64_t valid;   /* members who hold it on that day */
    int64_t expired; /* who held it */
};

struct team_skills {
    int64_t members;
    int64_t qualified; /* hold all of them; where the team names none: any at all */
    size_t n;
    struct team_skill *items; /* as the team names them */
};

/* 0 or < 0. Memory: in the arena; the names are the team's. */
int team_skills_read(struct view *view, uint32_t team, const struct team_formed *data, int32_t on,
                     struct arena *arena, struct team_skills *ret_skills);
