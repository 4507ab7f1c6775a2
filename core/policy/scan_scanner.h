/* The walk over a text's words that scan.c makes: which scopes are open, which locals are seen. For
 * the rules that go along with it. Threads: pure. */
#pragma once

#include "policy/scan.h"
#include "policy/scan_keys.h"
#include "policy/scan_tokens.h"

enum scope_kind { SCOPE_FUNCTION, SCOPE_BLOCK, SCOPE_FOR, SCOPE_REPEAT, SCOPE_TABLE };

struct scope {
    enum scope_kind kind;
    size_t n_locals; /* when it began */
    size_t token;    /* where */
};

struct local {
    struct str name;
    size_t level; /* how many functions deep */
    size_t token; /* where it is declared */
};

struct types;

struct scanner {
    const struct scan *scan;
    const struct token *tokens;
    size_t n_tokens;
    struct scope *scopes;
    size_t n_scopes;
    struct local *locals;
    size_t n_locals;
    size_t level;
    size_t n_labels;
    struct keys keys;
    struct types *types; /* NULL: names are looked at; else what they hold */
};

/* Beyond the end: the last token. */
static inline const struct token *scanner_at(const struct scanner *scanner, size_t index) {
    return &scanner->tokens[index < scanner->n_tokens ? index : scanner->n_tokens - 1];
}

/* The local that a name means at this point, or NULL. */
const struct local *scanner_resolve(const struct scanner *scanner, struct str name);
/* Goes once over all tokens. */
void scanner_walk(struct scanner *scanner);
