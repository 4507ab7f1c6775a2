/* Which policy revisions there are and what is in force: the journal's policy.proposed, .activated,
 * .retired, .set_aside and .released. Running them is core/policy's. */
#pragma once

#include "domain/things.h"

enum policy_state { POLICY_IN_FORCE, POLICY_SET_ASIDE, POLICY_PROPOSED };

#define POLICY_NOT_RETIRED INT32_MAX

struct policy_revision {
    uint32_t number;      /* of the activation, from 1 in journal order, over all policies */
    uint8_t state;        /* enum policy_state */
    uint32_t scope;       /* region number, 0: the city */
    uint64_t sequence;    /* of the activation */
    uint64_t set_aside;   /* sequence, 0: not */
    int32_t retired_from; /* questions of this day and later are not its own; POLICY_NOT_RETIRED */
    bool reaches_back;    /* it answers for days before `effective`, too: domain/policy_runs.h */
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
/* Whether it answers questions of that day, unless a newer one does. */
static inline bool policy_revision_holds(const struct policy_revision *revision, int32_t date) {
    return revision->state == POLICY_IN_FORCE && revision->data.effective <= date &&
           date < revision->retired_from;
}
/* Of these kinds a scope has as many policies as have names; of all others one. */
bool policy_kind_has_many(int32_t kind);
/* Whether where one holds the other does not, whichever is newer: the same kind and scope, and
 * where a scope has many, the same name. */
bool policy_revisions_compete(const struct policy_revision *a, const struct policy_revision *b);
/* All of them, oldest first, without copies: what they borrow stands in the rows until one of them
 * is put, or the event ends. */
int policy_list(struct view *view, struct arena *arena, struct policy_revision **ret_list,
                size_t *ret_n);
/* 1 where a revision of that kind is in force on that day, whatever its scope; 0; < 0. */
int policy_is_in_force(struct view *view, struct arena *arena, enum POLICY_KIND_choice kind,
                       int32_t date);
/* The number of a revision given by its text, 0: there is none. Cheap: asked within events. */
uint32_t policy_revision_number(struct view *view, struct str revision);
/* For apply functions: from now on it answers for days before `effective`, too. */
void policy_reach_back(struct context *context, struct policy_revision *revision);
/* The next revision's text for a policy of this name: "star_rating:3". */
struct str policy_next_revision(struct view *view, struct str policy, struct arena *arena);
