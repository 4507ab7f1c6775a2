/* The names that stand before a sign in each table of a text, so that one which stands there twice
 * is found: Lua keeps the last of them silently. Threads: pure. */
#pragma once

#include "policy/scan.h"
#include "policy/scan_tokens.h"

struct key_place {
    size_t table; /* token that opens it */
    struct str name;
    uint32_t line;
};

struct keys {
    struct key_place *list; /* malloc'ed */
    size_t n;
    size_t capacity;
};

/* `token`: a name, or a text in quotes. */
void keys_add(struct keys *keys, size_t table, const struct token *token);
/* Complains of what stands twice, and of days that go backwards. */
void keys_judge(struct keys *keys, const struct scan *scan);
void keys_deinit(struct keys *keys);
