#include "policy/scan_tokens.h"

#include <ctype.h>
#include <stdlib.h>

#include "util/memory.h"

struct lexer {
    const char *next;
    const char *end;
    uint32_t line;
};

static int peek(const struct lexer *lexer, size_t ahead) {
    return (size_t)(lexer->end - lexer->next) > ahead ? (unsigned char)lexer->next[ahead] : -1;
}

static void advance(struct lexer *lexer, size_t n) {
    for (; n && lexer->next < lexer->end; n--)
        lexer->line += *lexer->next++ == '\n';
}

/* Equals signs of [==[ at the place, or -1. */
static int long_bracket(const struct lexer *lexer) {
    size_t n = 1;
    if (peek(lexer, 0) != '[')
        return -1;
    while (peek(lexer, n) == '=')
        n++;
    return peek(lexer, n) == '[' ? (int)n - 1 : -1;
}

static void skip_long(struct lexer *lexer, int level) {
    advance(lexer, (size_t)level + 2);
    while (lexer->next < lexer->end) {
        int n = 0;
        if (peek(lexer, 0) == ']') {
            while (peek(lexer, (size_t)n + 1) == '=')
                n++;
            if (n == level && peek(lexer, (size_t)n + 1) == ']') {
                advance(lexer, (size_t)level + 2);
                return;
            }
        }
        advance(lexer, 1);
    }
}

static void skip_quoted(struct lexer *lexer) {
    int quote = peek(lexer, 0);
    advance(lexer, 1);
    while (lexer->next < lexer->end && peek(lexer, 0) != quote)
        advance(lexer, peek(lexer, 0) == '\\' ? 2 : 1);
    advance(lexer, 1);
}

static void skip_blank(struct lexer *lexer) {
    while (lexer->next < lexer->end) {
        if (isspace(peek(lexer, 0))) {
            advance(lexer, 1);
        } else if (peek(lexer, 0) == '-' && peek(lexer, 1) == '-') {
            advance(lexer, 2);
            int level = long_bracket(lexer);
            if (level >= 0)
                skip_long(lexer, level);
            else
                while (lexer->next < lexer->end && peek(lexer, 0) != '\n')
                    advance(lexer, 1);
        } else {
            return;
        }
    }
}

static bool is_word(int c) {
    return c == '_' || (c >= 0 && isalnum(c));
}

static void skip_number(struct lexer *lexer) {
    while (is_word(peek(lexer, 0)) || peek(lexer, 0) == '.' ||
           ((peek(lexer, 0) == '+' || peek(lexer, 0) == '-') &&
            strchr("eEpP", lexer->next[-1]) != NULL))
        advance(lexer, 1);
}

static bool is_keyword(struct str word) {
    static const char *const keywords[] = {"and",   "break", "do",       "else", "elseif", "end",
                                           "false", "for",   "function", "goto", "if",     "in",
                                           "local", "nil",   "not",      "or",   "repeat", "return",
                                           "then",  "true",  "until",    "while"};
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (str_equal(word, str_from(keywords[i])))
            return true;
    return false;
}

static size_t symbol_size(const struct lexer *lexer) {
    static const char *const symbols[] = {
        "...", "..", "::", "==", "~=", "<=", ">=", "//", "<<", ">>"};
    struct str rest = {lexer->next, (size_t)(lexer->end - lexer->next)};
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
        if (str_starts_with(rest, str_from(symbols[i])))
            return strlen(symbols[i]);
    return 1;
}

static struct token token_next(struct lexer *lexer) {
    skip_blank(lexer);
    struct token token = {{lexer->next, 0}, lexer->line, TOKEN_END};
    int c = peek(lexer, 0);
    if (c < 0)
        return token;
    int level = long_bracket(lexer);
    token.kind = TOKEN_LITERAL;
    if (level >= 0) {
        skip_long(lexer, level);
    } else if (c == '"' || c == '\'') {
        skip_quoted(lexer);
    } else if (isdigit(c) || (c == '.' && peek(lexer, 1) >= 0 && isdigit(peek(lexer, 1)))) {
        advance(lexer, 1);
        skip_number(lexer);
    } else if (is_word(c)) {
        while (is_word(peek(lexer, 0)))
            advance(lexer, 1);
        struct str word = {token.text.data, (size_t)(lexer->next - token.text.data)};
        token.kind = is_keyword(word) ? TOKEN_KEYWORD : TOKEN_NAME;
    } else {
        token.kind = TOKEN_SYMBOL;
        advance(lexer, symbol_size(lexer));
    }
    token.text.size = (size_t)(lexer->next - token.text.data);
    return token;
}

struct token *scan_tokens(struct str text, size_t *ret_n) {
    struct lexer lexer = {text.data, text.data + text.size, 1};
    struct token *tokens = NULL;
    size_t n = 0, capacity = 0;
    do {
        if (n == capacity) {
            capacity = capacity ? capacity * 2 : 256;
            tokens = realloc(tokens, capacity * sizeof *tokens);
            if (!tokens)
                memory_out();
        }
        tokens[n] = token_next(&lexer);
    } while (tokens[n++].kind != TOKEN_END);
    *ret_n = n;
    return tokens;
}
