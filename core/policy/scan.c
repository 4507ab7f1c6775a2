#include "policy/scan.h"

#include <stdio.h>
#include <stdlib.h>

#include "policy/scan_scanner.h"
#include "policy/scan_types.h"
#include "util/memory.h"

/* Lua compares each with all of its function. */
#define LABELS_LIMIT 200

static void scope_push(struct scanner *scanner, enum scope_kind kind, size_t token) {
    scanner->scopes[scanner->n_scopes++] = (struct scope){kind, scanner->n_locals, token};
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

static void declare(struct scanner *scanner, struct str name, size_t token) {
    scanner->locals[scanner->n_locals++] = (struct local){name, scanner->level, token};
}

const struct local *scanner_resolve(const struct scanner *scanner, struct str name) {
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
    scanner->scan->complain(scanner->scan->context, SEVERITY_ERROR, token->line, code, message);
}

static void read_name(const struct scanner *scanner, size_t i) {
    const struct token *token = scanner_at(scanner, i);
    if (scanner->types)
        types_read(scanner, i);
    else if (!scanner_resolve(scanner, token->text) &&
             !scanner->scan->is_known(scanner->scan->context, token->text))
        complain(
            scanner, token, "unknown_name",
            "does not exist for a policy: facts come from the subject, the rest from parameters");
}

static void write_name(const struct scanner *scanner, size_t i) {
    const struct token *token = scanner_at(scanner, i);
    const struct local *local = scanner_resolve(scanner, token->text);
    if (scanner->types)
        types_write(scanner, local);
    else if (!local)
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
        const struct token *name = scanner_at(scanner, i - 1);
        if (name->kind != TOKEN_NAME)
            return;
        if (i >= 2 && (token_is(scanner_at(scanner, i - 2), ".") ||
                       token_is(scanner_at(scanner, i - 2), ":")))
            return;
        write_name(scanner, i - 1);
        if (i < 3 || !token_is(scanner_at(scanner, i - 2), ","))
            return;
    }
}

/* local a <const>, b = ...; returns the index of the last token used. */
static size_t take_locals(struct scanner *scanner, size_t i) {
    size_t first = i + 1, n_before = scanner->n_locals;
    while (scanner_at(scanner, i + 1)->kind == TOKEN_NAME) {
        declare(scanner, scanner_at(scanner, i + 1)->text, i + 1);
        i++;
        if (token_is(scanner_at(scanner, i + 1), "<"))
            i += 3;
        if (!token_is(scanner_at(scanner, i + 1), ","))
            break;
        i++;
    }
    if (scanner->types) { /* what they hold is not yet seen by these names */
        size_t n_after = scanner->n_locals;
        scanner->n_locals = n_before;
        types_locals(scanner, n_after - n_before, first, i + 1);
        scanner->n_locals = n_after;
    }
    /* The sign is part of the declaration, not an assignment. */
    return token_is(scanner_at(scanner, i + 1), "=") ? i + 1 : i;
}

/* The name behind `function`; returns the index of its last token. */
static size_t take_function_name(struct scanner *scanner, size_t i, bool is_local,
                                 bool *ret_method) {
    const struct token *name = scanner_at(scanner, ++i);
    if (is_local)
        declare(scanner, name->text, i);
    else if (token_is(scanner_at(scanner, i + 1), "("))
        write_name(scanner, i);
    else
        read_name(scanner, i);
    for (; !token_is(scanner_at(scanner, i + 1), "("); i++)
        *ret_method |= token_is(scanner_at(scanner, i + 1), ":");
    return i;
}

/* From `function` to the end of its parameters. */
static size_t take_function(struct scanner *scanner, size_t i, bool is_local) {
    bool method = false;
    size_t function = i;
    if (scanner_at(scanner, i + 1)->kind == TOKEN_NAME)
        i = take_function_name(scanner, i, is_local, &method);
    scope_push(scanner, SCOPE_FUNCTION, function);
    if (scanner->types)
        types_function(scanner, function, is_local);
    if (method)
        declare(scanner, STR("self"), function);
    for (i++; scanner_at(scanner, i)->kind != TOKEN_END && !token_is(scanner_at(scanner, i), ")");
         i++)
        if (scanner_at(scanner, i)->kind == TOKEN_NAME)
            declare(scanner, scanner_at(scanner, i)->text, i);
    return i;
}

static size_t take_for(struct scanner *scanner, size_t i) {
    size_t first = i + 1, last = i;
    while (scanner_at(scanner, last + 1)->kind == TOKEN_NAME ||
           token_is(scanner_at(scanner, last + 1), ","))
        last++;
    if (scanner->types)
        types_for(scanner, first, last + 1);
    scope_push(scanner, SCOPE_FOR, i);
    for (i = first; i <= last; i++)
        if (scanner_at(scanner, i)->kind == TOKEN_NAME)
            declare(scanner, scanner_at(scanner, i)->text, i);
    return last + 1; /* = or in */
}

static size_t take_keyword(struct scanner *scanner, size_t i) {
    const struct token *token = scanner_at(scanner, i);
    if (token_is(token, "local")) {
        if (!token_is(scanner_at(scanner, i + 1), "function"))
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
        scope_push(scanner, SCOPE_BLOCK, i);
    else if (token_is(token, "repeat"))
        scope_push(scanner, SCOPE_REPEAT, i);
    else if (token_is(token, "end") || token_is(token, "elseif"))
        scope_pop(scanner, false);
    else if (token_is(token, "until"))
        scope_pop(scanner, true);
    else if (token_is(token, "else")) {
        scope_pop(scanner, false);
        scope_push(scanner, SCOPE_BLOCK, i);
    }
    return i;
}

static void take_key(struct scanner *scanner, const struct token *key) {
    keys_add(&scanner->keys, scanner->scopes[scanner->n_scopes - 1].token, key);
}

static void take_name(struct scanner *scanner, size_t i) {
    const struct token *before = i ? scanner_at(scanner, i - 1) : NULL;
    if (before && (token_is(before, ".") || token_is(before, ":") || token_is(before, "::")))
        return;
    bool sign = token_is(scanner_at(scanner, i + 1), "=");
    /* Targets of an assignment are looked at from its sign. */
    if (!sign)
        read_name(scanner, i);
    else if (scope_now(scanner) == SCOPE_TABLE)
        take_key(scanner, scanner_at(scanner, i));
}

/* ["2018-08-23"] = */
static void take_bracket(struct scanner *scanner, size_t i) {
    const struct token *key = scanner_at(scanner, i + 1);
    if (scope_now(scanner) == SCOPE_TABLE && key->kind == TOKEN_LITERAL &&
        (key->text.data[0] == '"' || key->text.data[0] == '\'') &&
        token_is(scanner_at(scanner, i + 2), "]") && token_is(scanner_at(scanner, i + 3), "="))
        take_key(scanner, key);
}

/* A label opens and closes with the same sign. */
static void take_label(struct scanner *scanner, size_t i) {
    if (++scanner->n_labels == 2 * LABELS_LIMIT + 1 && !scanner->types)
        complain(scanner, scanner_at(scanner, i), "too_many_labels",
                 "is one of more than 200 labels: write loops instead of goto");
}

static size_t take(struct scanner *scanner, size_t i) {
    const struct token *token = scanner_at(scanner, i);
    if (token->kind == TOKEN_KEYWORD)
        return take_keyword(scanner, i);
    if (token->kind == TOKEN_NAME)
        take_name(scanner, i);
    else if (token_is(token, "{"))
        scope_push(scanner, SCOPE_TABLE, i);
    else if (token_is(token, "}"))
        scope_pop(scanner, false);
    else if (token_is(token, "["))
        take_bracket(scanner, i);
    else if (token_is(token, "::"))
        take_label(scanner, i);
    else if (token_is(token, "=") && scope_now(scanner) != SCOPE_TABLE)
        write_targets(scanner, i);
    return i;
}

void scanner_walk(struct scanner *scanner) {
    size_t n = scanner->n_tokens;
    /* A token opens at most one scope and declares at most one name; a method declares one more. */
    scanner->scopes = calloc(n, sizeof *scanner->scopes);
    scanner->locals = calloc(2 * n, sizeof *scanner->locals);
    if (!scanner->scopes || !scanner->locals)
        memory_out();
    for (size_t i = 0; i + 1 < n; i++)
        i = take(scanner, i);
    free(scanner->scopes);
    free(scanner->locals);
}

void scan_text(struct str text, const struct scan *scan) {
    size_t n;
    struct token *tokens = scan_tokens(text, &n);
    struct scanner scanner = {.scan = scan, .tokens = tokens, .n_tokens = n};
    scanner_walk(&scanner);
    keys_judge(&scanner.keys, scan);
    keys_deinit(&scanner.keys);
    free(tokens);
}
