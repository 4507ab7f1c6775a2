/* Policy revisions as readers see them, and what a policy's text says of itself at a glance: name,
 * kind, title. A glance finds the first `name = "..."` outside of comments; it does not run the
 * text, which only the check in a child process does. Threads: that of the query. Memory: the
 * query's arena, or borrowed from the text. */
#pragma once

#include "bus/method.h"
#include "domain/policies.h"

#define RULE_TEXT_LIMIT 262144 /* bytes, as the catalogue has it for policy.activated */

/* The text of the first `member = "..."`, or STR_NONE. Borrowed. */
struct str rule_glance(struct str text, const char *member);

/* The library files that a text `uses`, read from the folder `library` beside policy_dir; a name
 * without a file is left to the check to complain of. 0, or < 0 where a file is there but cannot be
 * read. */
int rule_libraries(struct query *query, struct str text, struct list *ret_libraries);

/* The text of a file of policy_dir, in the query's arena; 0, or > 0 with the problem. */
int rule_file_read(struct query *query, struct str file, struct str *ret_text);

struct rules {
    size_t n;
    struct policy_revision *items; /* oldest first */
    int32_t today;
    size_t capacity;
    struct arena *arena;
};
/* Every revision there is. */
int rules_load(struct query *query, struct rules *ret_rules);

/* in_force: the newest of its place whose day has come. superseded: another took its place.
 * not_active: its day has not come. set_aside: by hand or by the watchdog. retired: nothing took
 * its place. proposed: nobody has signed it yet. */
enum rule_state {
    RULE_IN_FORCE,
    RULE_SUPERSEDED,
    RULE_NOT_ACTIVE,
    RULE_SET_ASIDE,
    RULE_RETIRED,
    RULE_PROPOSED
};
enum rule_state rule_state(const struct rules *rules, const struct policy_revision *revision);
const char *rule_state_text(enum rule_state state);
/* The newest revision of a policy that is in force, in whatever scope, or NULL. */
const struct policy_revision *rules_in_force(const struct rules *rules, struct str policy);
/* The newest revision of a policy for this scope (a region's number, 0: the city), whether its day
 * has come or not; not one that is proposed, set aside or retired. NULL: none. */
const struct policy_revision *rules_newest(const struct rules *rules, struct str policy,
                                           uint32_t scope);
/* What would hold in its place if it had never come: the one before it or, of a revision that
 * restored an older one, the one before that. NULL: none. */
const struct policy_revision *rules_before(const struct rules *rules,
                                           const struct policy_revision *revision);
/* Its text with the parameters that were laid over it, and with `based_on` itself: what a file of
 * it says. The bare text where it is not plain enough for that (policy/rewrite.h). */
struct str rule_file_text(struct arena *arena, const struct policy_revision *revision);
const struct policy_revision *rules_find(const struct rules *rules, struct str revision);
/* policy, kind, title, scope, revision, effective, activated, state; basis (the document that its
 * text names) and document (that it was activated by). */
json_t *rule_describe(struct query *query, const struct rules *rules,
                      const struct policy_revision *revision);
/* Calls `each` with the name and text of every file *.lua of policy_dir; one that cannot be read or
 * is too long has STR_NONE and the reason (> 0: an errno). Stops at non-zero. */
int rule_files(struct query *query,
               int (*each)(void *context, const char *name, struct str text, int error),
               void *context);
/* The path of the file in policy_dir that says this name and scope (a code, or STR_NONE), or
 * STR_NONE. */
struct str rule_file(struct query *query, struct str policy, struct str scope);
