/* The words of a Lua text. Threads: pure. Memory: the list is the caller's to free. */
#pragma once

#include "util/str.h"

enum token_kind { TOKEN_NAME, TOKEN_KEYWORD, TOKEN_LITERAL, TOKEN_SYMBOL, TOKEN_END };

struct token {
    struct str text;
    uint32_t line;
    enum token_kind kind;
};

/* malloc'ed, ends with TOKEN_END. */
struct token *scan_tokens(struct str text, size_t *ret_n);

static inline bool token_is(const struct token *token, const char *text) {
    return token->kind != TOKEN_LITERAL && str_equal(token->text, str_from(text));
}
