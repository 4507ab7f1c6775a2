/* A revision that is not in force, laid over what is: the host then answers as if it had been
 * activated just now for its place, effective always, through the same functions and budgets as
 * ever. Threads: the host's owner. */
#pragma once

#include "policy/evaluate.h"

/* What a draft's decisions name as their revision. */
#define DRAFT_REVISION "draft"

struct policy_draft {
    struct str policy; /* its name */
    enum POLICY_KIND_choice kind;
    uint32_t scope; /* region number, 0: the city */
    struct str text;
    struct str parameters; /* JSON by date, names sorted, laid over the text's; none: STR_NONE */
    size_t n_libraries;
    const struct library *libraries;
};

/* Until the next sync. What the draft consists of is borrowed until then. */
void policy_host_lay(struct policy_host *host, const struct policy_draft *draft);
/* Compiles the draft that was laid. False with why it does not load. */
bool policy_draft_loads(struct policy_host *host, struct str *ret_failure);
/* The policy that a draft of this place takes the place of, as asked on that day: its revision, or
 * STR_NONE. Borrowed from the host. */
struct str policy_replaced(struct policy_host *host, struct view *view,
                           const struct policy_draft *draft, int32_t date);

/* What tells one draft from another: text, parameters and libraries. */
#define DRAFT_DIGEST_TEXT 33
void policy_draft_digest(const struct policy_draft *draft, char ret_text[static DRAFT_DIGEST_TEXT]);
