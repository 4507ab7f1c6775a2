/* Which policy revisions there are and what is in force: the journal's policy.activated and
 * policy.set_aside. Running them is core/policy's. */
#pragma once

#include "domain/things.h"

enum policy_state { POLICY_IN_FORCE, POLICY_SET_ASIDE };

struct policy_revision {
    uint32_t number;    /* of the activation, from 1 in journal order, over all policies */
    uint8_t state;      /* enum policy_state */
    uint32_t scope;     /* region number, 0: the city */
    uint64_t sequence;  /* of the activation */
    uint64_t set_aside; /* sequence, 0: not */
    int64_t activated_us;
    struct policy_activated data;
};

/* Changes with every activation and set-aside: who keeps compiled policies compares it. */
uint32_t policy_generation(struct view *view);
/* A row's bytes (without the number, which is the key); borrows from them. 0, or > 0. */
int policy_revision_decode(struct str row, struct arena *arena,
                           struct policy_revision *ret_revision);
int policy_revision_get(struct view *view, uint32_t number, struct arena *arena,
                        struct policy_revision *ret_revision);
/* All of them, oldest first. `each` returns 0 to go on. Memory: the arena grows with what is
 * walked. */
int policy_revisions(struct view *view, struct arena *arena,
                     int (*each)(void *context, const struct policy_revision *revision),
                     void *context);
/* 1 where a revision of that kind is in force on that day, whatever its scope; 0; < 0. */
int policy_is_in_force(struct view *view, struct arena *arena, enum POLICY_KIND_choice kind,
                       int32_t date);
/* The next revision's text for a policy of this name: "star_rating:3". */
struct str policy_next_revision(struct view *view, struct str policy, struct arena *arena);
