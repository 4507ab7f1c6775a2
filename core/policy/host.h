/* Which revision answers: the compiled policies of a host, nearest scope first, then the newest
 * that is effective. Threads: the host's owner. Memory: revisions live in the host's arena until
 * its next sync. */
#pragma once

#include "policy/load.h"

enum revision_state { REVISION_NEW, REVISION_LOADED, REVISION_FAILED };

struct revision {
    struct policy_revision row;
    int32_t holds_from; /* the first day that it may be asked about */
    enum revision_state state;
    bool asked; /* since the last sync */
    struct program program;
    struct str failure;
    struct meter_use *use; /* NULL until it is asked, or nothing is counted */
};

/* NULL where none is in force. `region`: of the subject, 0: none. */
struct revision *host_select(struct policy_host *host, struct view *view,
                             enum POLICY_KIND_choice kind, uint32_t region, int32_t date);
/* Of the kinds that may have several policies in a scope: all of the nearest scope that has any, of
 * each name the newest, by name. The list is in the arena. */
size_t host_select_all(struct policy_host *host, struct view *view, enum POLICY_KIND_choice kind,
                       uint32_t region, int32_t date, struct arena *arena,
                       struct revision ***ret_list);
/* The policy of this name, of the nearest scope that has it; or NULL. */
struct revision *host_select_named(struct policy_host *host, struct view *view,
                                   enum POLICY_KIND_choice kind, struct str name, uint32_t region,
                                   int32_t date);
struct revision *host_number(struct policy_host *host, uint32_t number);
struct revision *host_find(struct policy_host *host, struct str revision);
/* Where its calls are counted; NULL: nowhere. */
struct meter_use *host_use(struct policy_host *host, struct revision *revision);
/* Compiles what has not been. False where it does not load (revision->failure). */
bool host_load(struct policy_host *host, struct revision *revision);
/* After a call that left the Lua state unsafe: a new one; revisions are compiled again when asked.
 * 0, or < 0. */
int host_renew_state(struct policy_host *host);
