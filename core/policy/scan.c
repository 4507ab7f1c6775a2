#include "policy/scan.h"

#include <stdio.h>
#include <stdlib.h>

#include "policy/scan_tokens.h"
#include "util/memory.h"

enum scope_kind { SCOPE_FUNCTION, SCOPE_BLOCK, SCOPE_FOR, SCOPE_REPEAT, SCOPE_TABLE };

struct scope {
    enum scope_kind kind;
    size_t n_locals; /* when it began */
};

struct local {
    struct str name;
    size_t level; /* how many functions deep */
};

struct scanner {
    const struct scan *scan;
    const struct token *tokens;
    size_t n_tokens;
    struct scope *scopes;
    size_t n_scopes;
    struct local *locals;
    size_t n_locals;
    size_t level;
};

static const struct token *at(const struct scanner *scanner, size_t index) {
    return &scanner->tokens[index < scanner->n_tokens ? index : scanner->n_tokens - 1];
}

static void scope_push(struct scanner *scanner, enum scope_kind kind) {
    scanner->scopes[scanner->n_scopes++] = (struct scope){kind, scanner->n_locals};
    scanner->level += kind == SCOPE_FUNCTION;
}

/* Names of a repeat block are still seen by its condition: they stay until the block around it
 * ends. */
static void scope_pop(struct scanner *scanner, bool keep_locals) {
    if (scanner->n_scopes == 0)
        return;
    const struct scope *scope = &scanner->scopes[--scanner->n_scopes];
    if (!keep_locals)
        scanner->n_locals = scope->n_locals;
    scanner->level -= scope->kind == SCOPE_FUNCTION;
}

static enum scope_kind scope_now(const struct scanner *scanner) {
    return scanner->n_scopes ? scanner->scopes[scanner->n_scopes - 1].kind : SCOPE_BLOCK;
}

static void declare(struct scanner *scanner, struct str name) {
    scanner->locals[scanner->n_locals++] = (struct local){name, scanner->level};
}

static const struct local *resolve(const struct scanner *scanner, struct str name) {
    for (size_t i = scanner->n_locals; i > 0; i--)
        if (str_equal(scanner->locals[i - 1].name, name))
            return &scanner->locals[i - 1];
    return NULL;
}

static void complain(const struct scanner *scanner, const struct token *token, const char *code,
                     const char *hint) {
    char message[256];
    snprintf(message, sizeof message, "'%.*s' %s",
             (int)(token->text.size < 64 ? token->text.size : 64), token->text.data, hint);
    scanner->scan->complain(scanner->scan->context, token->line, code, message);
}

static void read_name(const struct scanner *scanner, const struct token *token) {
    if (!resolve(scanner, token->text) &&
        !scanner->scan->is_known(scanner->scan->context, token->text))
        complain(
            scanner, token, "unknown_name",
            "does not exist for a policy: facts come from the subject, the rest from parameters");
}

static void write_name(const struct scanner *scanner, const struct token *token) {
    const struct local *local = resolve(scanner, token->text);
    if (!local)
        complain(scanner, token, "global_assignment",
                 "is assigned as a global: put 'local' before it");
    else if (local->level < scanner->level)
        complain(scanner, token, "outer_assignment",
                 "belongs to an outer function and would keep its value from one call to the next: "
                 "use a local of the function that assigns it");
}

/* The targets of an assignment, from its last one backwards. */
static void write_targets(const struct scanner *scanner, size_t equals) {
    for (size_t i = equals; i >= 1; i -= 2) {
        const struct token *name = at(scanner, i - 1);
        if (name->kind != TOKEN_NAME)
            return;
        if (i >= 2 && (token_is(at(scanner, i - 2), ".") || token_is(at(scanner, i - 2), ":")))
            return;
        write_name(scanner, name);
        if (i < 3 || !token_is(at(scanner, i - 2), ","))
            return;
    }
}

/* local a <const>, b = ...; returns the index of the last token used. */
static size_t take_locals(struct scanner *scanner, size_t i) {
    while (at(scanner, i + 1)->kind == TOKEN_NAME) {
        declare(scanner, at(scanner, ++i)->text);
        if (token_is(at(scanner, i + 1), "<"))
            i += 3;
        if (!token_is(at(scanner, i + 1), ","))
            break;
        i++;
    }
    /* The sign is part of the declaration, not an assignment. */
    return token_is(at(scanner, i + 1), "=") ? i + 1 : i;
}

/* From `function` to the end of its parameters. */
static size_t take_function(struct scanner *scanner, size_t i, bool is_local) {
    bool method = false;
    if (at(scanner, i + 1)->kind == TOKEN_NAME) {
        const struct token *name = at(scanner, ++i);
        bool plain = token_is(at(scanner, i + 1), "(");
        if (is_local)
            declare(scanner, name->text);
        else if (plain)
            write_name(scanner, name);
        else
            read_name(scanner, name);
        for (; !token_is(at(scanner, i + 1), "("); i++)
            method |= token_is(at(scanner, i + 1), ":");
    }
    scope_push(scanner, SCOPE_FUNCTION);
    if (method)
        declare(scanner, STR("self"));
    for (i++; at(scanner, i)->kind != TOKEN_END && !token_is(at(scanner, i), ")"); i++)
        if (at(scanner, i)->kind == TOKEN_NAME)
            declare(scanner, at(scanner, i)->text);
    return i;
}

static size_t take_for(struct scanner *scanner, size_t i) {
    scope_push(scanner, SCOPE_FOR);
    for (; at(scanner, i + 1)->kind == TOKEN_NAME || token_is(at(scanner, i + 1), ","); i++)
        if (at(scanner, i + 1)->kind == TOKEN_NAME)
            declare(scanner, at(scanner, i + 1)->text);
    return i + 1; /* = or in */
}

static size_t take_keyword(struct scanner *scanner, size_t i) {
    const struct token *token = at(scanner, i);
    if (token_is(token, "local")) {
        if (!token_is(at(scanner, i + 1), "function"))
            return take_locals(scanner, i);
        return take_function(scanner, i + 1, true);
    }
    if (token_is(token, "function"))
        return take_function(scanner, i, false);
    if (token_is(token, "for"))
        return take_for(scanner, i);
    if (token_is(token, "goto"))
        return i + 1;
    if (token_is(token, "do") && scope_now(scanner) == SCOPE_FOR)
        scanner->scopes[scanner->n_scopes - 1].kind = SCOPE_BLOCK;
    else if (token_is(token, "do") || token_is(token, "then"))
        scope_push(scanner, SCOPE_BLOCK);
    else if (token_is(token, "repeat"))
        scope_push(scanner, SCOPE_REPEAT);
    else if (token_is(token, "end") || token_is(token, "elseif"))
        scope_pop(scanner, false);
    else if (token_is(token, "until"))
        scope_pop(scanner, true);
    else if (token_is(token, "else")) {
        scope_pop(scanner, false);
        scope_push(scanner, SCOPE_BLOCK);
    }
    return i;
}

static void take_name(const struct scanner *scanner, size_t i) {
    const struct token *before = i ? at(scanner, i - 1) : NULL;
    if (before && (token_is(before, ".") || token_is(before, ":") || token_is(before, "::")))
        return;
    bool key = scope_now(scanner) == SCOPE_TABLE && token_is(at(scanner, i + 1), "=");
    /* Targets of an assignment are looked at from its sign. */
    if (!key && !token_is(at(scanner, i + 1), "="))
        read_name(scanner, at(scanner, i));
}

static size_t take(struct scanner *scanner, size_t i) {
    const struct token *token = at(scanner, i);
    if (token->kind == TOKEN_KEYWORD)
        return take_keyword(scanner, i);
    if (token->kind == TOKEN_NAME)
        take_name(scanner, i);
    else if (token_is(token, "{"))
        scope_push(scanner, SCOPE_TABLE);
    else if (token_is(token, "}"))
        scope_pop(scanner, false);
    else if (token_is(token, "=") && scope_now(scanner) != SCOPE_TABLE)
        write_targets(scanner, i);
    return i;
}

void scan_text(struct str text, const struct scan *scan) {
    size_t n;
    struct token *tokens = scan_tokens(text, &n);
    struct scanner scanner = {.scan = scan, .tokens = tokens, .n_tokens = n};
    /* A token opens at most one scope and declares at most one name; a method declares one more. */
    scanner.scopes = calloc(n, sizeof *scanner.scopes);
    scanner.locals = calloc(2 * n, sizeof *scanner.locals);
    if (!scanner.scopes || !scanner.locals)
        memory_out();
    for (size_t i = 0; i + 1 < n; i++)
        i = take(&scanner, i);
    free(scanner.scopes);
    free(scanner.locals);
    free(tokens);
}
