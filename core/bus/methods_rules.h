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
 * not_active: its day has not come. set_aside: by hand or by the watchdog. */
enum rule_state { RULE_IN_FORCE, RULE_SUPERSEDED, RULE_NOT_ACTIVE, RULE_SET_ASIDE };
enum rule_state rule_state(const struct rules *rules, const struct policy_revision *revision);
const char *rule_state_text(enum rule_state state);
/* The newest revision of a policy that is in force, or NULL. */
const struct policy_revision *rules_in_force(const struct rules *rules, struct str policy);
const struct policy_revision *rules_find(const struct rules *rules, struct str revision);
/* policy, kind, title, scope, revision, effective, activated, state. */
json_t *rule_describe(struct query *query, const struct rules *rules,
                      const struct policy_revision *revision);
