#include "policy/coverage.h"

#include <stdlib.h>
#include <string.h>

#include "policy/scan_tokens.h"
#include "util/memory.h"

enum mark {
    MARK_CODE = 1,   /* words that do something stand there */
    MARK_ACTIVE = 2, /* of a function */
    MARK_RUN = 4,
    MARK_BEGUN = 8 /* a function begins there and was called */
};

static bool does_something(const struct token *token) {
    static const char *const idle[] = {"end", "else", "do", "repeat", ")", "}", "]", ",", ";", "("};
    for (size_t i = 0; i < sizeof idle / sizeof *idle; i++)
        if (token_is(token, idle[i]))
            return false;
    return token->kind != TOKEN_END;
}

void coverage_init(struct coverage *coverage, struct str text, const char *source) {
    size_t n;
    struct token *tokens = scan_tokens(text, &n);
    *coverage = (struct coverage){.source = source, .n_lines = tokens[n - 1].line + 1};
    coverage->lines = calloc(coverage->n_lines + 1, 1);
    coverage->ends = calloc(coverage->n_lines + 1, sizeof *coverage->ends);
    if (!coverage->lines || !coverage->ends)
        memory_out();
    for (size_t i = 0; i < n; i++)
        if (does_something(&tokens[i]))
            coverage->lines[tokens[i].line] |= MARK_CODE;
    free(tokens);
}

void coverage_deinit(struct coverage *coverage) {
    free(coverage->lines);
    free(coverage->ends);
    *coverage = (struct coverage){0};
}

static void mark(struct coverage *coverage, lua_Integer line, enum mark mark) {
    if (line > 0 && line <= coverage->n_lines)
        coverage->lines[line] |= (uint8_t)mark;
}

/* Lines of the function that runs, once for each. */
static void note_function(struct coverage *coverage, lua_State *lua, lua_Debug *activation) {
    int top = lua_gettop(lua);
    mark(coverage, activation->linedefined, MARK_BEGUN);
    coverage->ends[activation->linedefined] = (uint32_t)activation->lastlinedefined;
    lua_getinfo(lua, "L", activation);
    if (lua_istable(lua, -1))
        for (lua_pushnil(lua); lua_next(lua, top + 1); lua_pop(lua, 1))
            mark(coverage, lua_tointeger(lua, -2), MARK_ACTIVE);
    lua_settop(lua, top);
}

void coverage_note(struct coverage *coverage, lua_State *lua, lua_Debug *activation) {
    lua_getinfo(lua, "S", activation);
    int defined = activation->linedefined;
    if (defined <= 0 || (uint32_t)defined > coverage->n_lines ||
        strcmp(activation->source, coverage->source) != 0)
        return; /* the file itself, or a library */
    if (coverage->ends[defined] != (uint32_t)activation->lastlinedefined)
        note_function(coverage, lua, activation);
    mark(coverage, activation->currentline, MARK_RUN | MARK_ACTIVE);
}

/* Lines within functions that were never called. */
static void mark_uncalled(struct coverage *coverage, const struct token *tokens, size_t n) {
    uint32_t *open = calloc(n, sizeof *open); /* of each block: where a function begins, or 0 */
    size_t depth = 0;
    if (!open)
        memory_out();
    for (size_t i = 0; i < n; i++) {
        const struct token *token = &tokens[i];
        if (token->kind != TOKEN_KEYWORD)
            continue;
        if (token_is(token, "function"))
            open[depth++] = token->line;
        else if (token_is(token, "if") || token_is(token, "do") || token_is(token, "repeat"))
            open[depth++] = 0;
        else if ((token_is(token, "end") || token_is(token, "until")) && depth > 0) {
            uint32_t begin = open[--depth];
            if (begin && !(coverage->lines[begin] & MARK_BEGUN))
                for (uint32_t line = begin + 1; line < token->line; line++)
                    mark(coverage, line, MARK_ACTIVE);
        }
    }
    free(open);
}

json_t *coverage_json(struct coverage *coverage, struct str text) {
    json_t *missed = json_array();
    json_int_t n_lines = 0, n_run = 0;
    size_t n;
    struct token *tokens = scan_tokens(text, &n);
    mark_uncalled(coverage, tokens, n);
    free(tokens);
    for (uint32_t line = 1; line <= coverage->n_lines; line++) {
        uint8_t marks = coverage->lines[line];
        if (!(marks & MARK_ACTIVE) || !(marks & MARK_CODE))
            continue;
        n_lines++;
        if (marks & MARK_RUN)
            n_run++;
        else
            json_array_append_new(missed, json_integer(line));
    }
    return json_pack("{s:I, s:I, s:o}", "lines", n_lines, "run", n_run, "missed", missed);
}
