/* What is to be put in force: a text with its libraries and parameters, for a scope, from a day on.
 * It is judged in a child process, compared with what is there, and becomes policy.activated or,
 * where the configuration names signers, policy.proposed. Every way to a new revision comes through
 * here: a file, changed parameters, a step back. Threads: that of the query. Memory: the query's
 * arena, and what rule_terms_deinit frees. Errors: as method.h. */
#pragma once

#include "bus/methods_rules.h"

struct rule_terms {
    struct query *query;
    struct rules rules;
    /* Set by whoever begins. */
    struct str text;
    struct str file;       /* what complaints call it */
    struct str parameters; /* JSON, whole sets by date, laid over the text's own; may be none */
    struct list libraries; /* struct library */
    struct str restores;   /* a step back: the revision whose text it is; may be none */
    struct str effective;  /* none: today */
    /* Filled in. */
    json_t *verdict;
    struct str policy; /* borrowed from the verdict */
    struct str kind;
    struct str scope; /* its code; none: the city */
    uint32_t scope_number;
    int retroactivity;
    const struct policy_revision *last; /* the newest of this policy for this scope, or NULL */
};

/* 1 to RULE_TEXT_LIMIT bytes. > 0: too_long, out_of_range. */
int rule_check_size(struct query *query, struct str text);
/* What a child process says of a text with its libraries and parameters (JSON by date, laid over
 * the text's own; may be none). `file`: what complaints call it; may be none. The verdict is the
 * caller's. */
int rule_vet(struct query *query, struct str file, struct str text, const struct list *libraries,
             struct str parameters, json_t **ret_verdict);

/* Reads what there is. */
int rule_terms_init(struct rule_terms *terms, struct query *query);
void rule_terms_deinit(struct rule_terms *terms);
/* The child's verdict. 0 whatever it says. */
int rule_terms_vet(struct rule_terms *terms);
/* The same; > 0 (policy_refused, with the verdict beside it) where it must not be activated. */
int rule_terms_judge(struct rule_terms *terms);
/* The scope and day that parameters or the text say, and what stands there now. */
int rule_terms_place(struct rule_terms *terms);
/* Puts it in force, or proposes it. Gives revision, sequence, effective, state, the text that a
 * file of it has and, of a proposal, the digest to sign. */
int rule_terms_put(struct rule_terms *terms, json_t **ret_result);

/* The region that the parameter `scope` names; 0 and STR_NONE where it is absent: the city. */
int rule_scope(struct query *query, struct str scope, uint32_t *ret_number, struct str *ret_code);
