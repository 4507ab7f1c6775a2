#include "policy/scan_types.h"

#include <stdio.h>
#include <stdlib.h>

#include "policy/arguments.h"
#include "util/memory.h"

/* What a name may hold: bits. None: nothing is known yet. */
typedef uint32_t type_set;
#define LIST_SHIFT OBJECT_KINDS
#define TYPE_PARAMETERS (UINT32_C(1) << 30)
#define TYPE_ANYTHING (UINT32_C(1) << 31)
_Static_assert(2 * OBJECT_KINDS <= 30, "the kinds of objects fit into the set");

/* Types only grow, so this is an end that is reached by the text, not by the limit. */
#define PASSES_LIMIT 12

struct types {
    struct scan_types *asked;
    type_set *held;    /* by the token that declares a name */
    size_t *functions; /* by the token that declares it: its `function`, + 1 */
    bool *named;       /* by `function`: its parameters come from its calls */
    bool *followed;    /* a use of the parameters of which it is known where they go */
    bool changed;
    bool final;
};

struct chain {
    type_set type;
    size_t end; /* the token behind it */
};

static type_set type_of(enum object_kind kind) {
    return UINT32_C(1) << kind;
}

static void hold(struct types *types, size_t token, type_set type) {
    types->changed |= (types->held[token] | type) != types->held[token];
    types->held[token] |= type;
}

/* ---- chains: volunteer.region.children[1]:count("volunteers") ---- */

static size_t behind_bracket(const struct scanner *scanner, size_t i) {
    size_t depth = 0;
    for (; i + 1 < scanner->n_tokens; i++) {
        const struct token *token = scanner_at(scanner, i);
        if (token_is(token, "(") || token_is(token, "{") || token_is(token, "["))
            depth++;
        else if ((token_is(token, ")") || token_is(token, "}") || token_is(token, "]")) &&
                 --depth == 0)
            return i + 1;
    }
    return i;
}

static bool is_call(const struct scanner *scanner, size_t i) {
    const struct token *token = scanner_at(scanner, i);
    bool text = token->kind == TOKEN_LITERAL && strchr("\"'[", token->text.data[0]);
    return text || token_is(token, "(") || token_is(token, "{");
}

static size_t behind_call(const struct scanner *scanner, size_t i) {
    return scanner_at(scanner, i)->kind == TOKEN_LITERAL ? i + 1 : behind_bracket(scanner, i);
}

static void complain(const struct scanner *scanner, size_t i, const char *code,
                     const char *message) {
    const struct scan *scan = scanner->types->asked->scan;
    scan->complain(scan->context, SEVERITY_ERROR, scanner_at(scanner, i)->line, code, message);
}

static void name_text(const struct token *token, char text[static 65]) {
    size_t size = token->text.size < 64 ? token->text.size : 64;
    memcpy(text, token->text.data, size);
    text[size] = 0;
}

static const struct fact *find_fact(enum object_kind kind, struct str name) {
    const struct object_type *type = object_type(kind);
    for (size_t i = 0; i < type->n_facts; i++)
        if (str_equal(str_from(type->facts[i].name), name))
            return &type->facts[i];
    return NULL;
}

static void complain_fact(const struct scanner *scanner, size_t i, type_set type) {
    struct scan_types *asked = scanner->types->asked;
    char message[256], kinds[80] = "", name[65];
    const char *nearest = NULL;
    name_text(scanner_at(scanner, i), name);
    for (int kind = OBJECT_NONE + 1; kind < OBJECT_KINDS; kind++) {
        if (!(type & type_of((enum object_kind)kind)))
            continue;
        size_t size = strlen(kinds);
        snprintf(kinds + size, sizeof kinds - size, "%s%s", size ? " or " : "",
                 object_type((enum object_kind)kind)->name);
        if (!nearest)
            nearest = asked->nearest_fact(asked->scan->context, (enum object_kind)kind, name);
    }
    snprintf(message, sizeof message, "%s has no fact '%s'%s%s%s", kinds, name,
             nearest ? ": did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
    complain(scanner, i, "unknown_fact", message);
}

/* The fact is there, but not like this. */
static void judge_use(const struct scanner *scanner, size_t i, const struct fact *fact) {
    bool colon = token_is(scanner_at(scanner, i - 1), ":");
    bool called = is_call(scanner, i + 1);
    char message[256];
    if (fact->method && !colon && called)
        snprintf(message, sizeof message, "'%s' is asked with a colon: :%s{...}", fact->name,
                 fact->name);
    else if (!fact->method && colon)
        snprintf(message, sizeof message, "'%s' is read without a question: .%s", fact->name,
                 fact->name);
    else
        return;
    complain(scanner, i, "fact_misused", message);
}

/* The names in the table at token i, which opens it, that the fact is asked with. */
static void judge_arguments(const struct scanner *scanner, size_t i, const struct fact *fact) {
    size_t end = behind_bracket(scanner, i) - 1, depth = 0;
    for (size_t k = i; k < end; k++) {
        const struct token *token = scanner_at(scanner, k), *next = scanner_at(scanner, k + 1);
        char message[256], name[65];
        const char *nearest;
        if (token_is(token, "{") || token_is(token, "(") || token_is(token, "["))
            depth++;
        else if (token_is(token, "}") || token_is(token, ")") || token_is(token, "]"))
            depth--;
        if (depth != 1 || token->kind != TOKEN_NAME || !token_is(next, "=") ||
            !arguments_unknown(fact, token->text, &nearest))
            continue;
        name_text(token, name);
        snprintf(message, sizeof message, "%s has no argument '%s'%s%s%s", fact->name, name,
                 nearest ? ": did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
        complain(scanner, k, "unknown_argument", message);
    }
}

/* Behind the method's name at token i: minutes{ from = ... }, count("minutes", { from = ... }). */
static void judge_call(const struct scanner *scanner, size_t i, const struct fact *fact) {
    size_t open = i + 1, depth = 0, end = behind_call(scanner, open);
    for (size_t k = open; k < end; k++) {
        const struct token *token = scanner_at(scanner, k);
        if (token_is(token, "function"))
            return; /* has tables of its own */
        if (token_is(token, "{") && depth == (k != open)) {
            judge_arguments(scanner, k, fact);
            return;
        }
        if (token_is(token, "(") || token_is(token, "[") || token_is(token, "{"))
            depth++;
        else if (token_is(token, ")") || token_is(token, "]") || token_is(token, "}"))
            depth--;
    }
}

/* The fact named at token i, of an object of one of these kinds. */
static type_set step_fact(const struct scanner *scanner, size_t i, type_set type) {
    const struct fact *found = NULL;
    type_set gives = 0;
    size_t n_kinds = 0;
    for (int kind = OBJECT_NONE + 1; kind < OBJECT_KINDS; kind++) {
        if (!(type & type_of((enum object_kind)kind)))
            continue;
        const struct fact *fact = find_fact((enum object_kind)kind, scanner_at(scanner, i)->text);
        n_kinds++;
        if (!fact)
            continue;
        found = fact;
        gives |= fact->gives == OBJECT_NONE ? TYPE_ANYTHING
                                            : type_of(fact->gives) << (fact->list ? LIST_SHIFT : 0);
    }
    if (!scanner->types->final)
        return found ? gives : TYPE_ANYTHING;
    if (!found)
        complain_fact(scanner, i, type);
    else if (n_kinds == 1)
        judge_use(scanner, i, found);
    if (found && found->method && n_kinds == 1 && is_call(scanner, i + 1))
        judge_call(scanner, i, found);
    return found ? gives : TYPE_ANYTHING;
}

static void step_parameter(const struct scanner *scanner, size_t i, struct str name) {
    struct scan_types *asked = scanner->types->asked;
    const char *names[128];
    size_t n = asked->n_parameters < 128 ? asked->n_parameters : 128;
    for (size_t k = 0; k < asked->n_parameters; k++) {
        if (k < n)
            names[k] = asked->parameters[k].name;
        if (!str_equal(str_from(asked->parameters[k].name), name))
            continue;
        asked->parameters[k].read = true;
        return;
    }
    if (!scanner->types->final)
        return;
    char message[256], text[65];
    struct token token = {.text = name};
    name_text(&token, text);
    const char *nearest = str_nearest(name, names, n);
    snprintf(message, sizeof message, "the parameter '%s' is in no set and in no description%s%s%s",
             text, nearest ? ": did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
    complain(scanner, i, "unknown_parameter", message);
}

/* [ ... ] at token i. */
static type_set step_index(const struct scanner *scanner, size_t i, type_set type) {
    const struct token *key = scanner_at(scanner, i + 1);
    bool text = key->kind == TOKEN_LITERAL && strchr("\"'", key->text.data[0]) &&
                token_is(scanner_at(scanner, i + 2), "]");
    if (type == TYPE_PARAMETERS && text)
        step_parameter(scanner, i, (struct str){key->text.data + 1, key->text.size - 2});
    else if (type & TYPE_PARAMETERS)
        scanner->types->asked->parameters_escape = true;
    type_set objects = type_of(OBJECT_KINDS) - 1;
    if (!(type & ~(objects << LIST_SHIFT)))
        return type >> LIST_SHIFT;
    return TYPE_ANYTHING;
}

static bool is_objects(type_set type) {
    return type && !(type & ~(type_of(OBJECT_KINDS) - 1));
}

/* .name or :name; the name stands at token i. */
static type_set step_name(const struct scanner *scanner, size_t i, type_set type) {
    if (is_objects(type))
        return step_fact(scanner, i, type);
    if (type == TYPE_PARAMETERS)
        step_parameter(scanner, i, scanner_at(scanner, i)->text);
    else if (type & TYPE_PARAMETERS)
        scanner->types->asked->parameters_escape = true;
    return type ? TYPE_ANYTHING : 0;
}

/* From the name at token i on. */
static struct chain chain_at(const struct scanner *scanner, size_t i) {
    const struct local *local = scanner_resolve(scanner, scanner_at(scanner, i)->text);
    struct chain chain = {local ? scanner->types->held[local->token] : TYPE_ANYTHING, i + 1};
    for (;;) {
        const struct token *token = scanner_at(scanner, chain.end);
        bool name = (token_is(token, ".") || token_is(token, ":")) &&
                    scanner_at(scanner, chain.end + 1)->kind == TOKEN_NAME;
        if (!name && !token_is(token, "[") && !is_call(scanner, chain.end))
            return chain;
        if (token_is(token, "[")) {
            chain.type = step_index(scanner, chain.end, chain.type);
            chain.end = behind_bracket(scanner, chain.end);
            continue;
        }
        if (!name) { /* a call of something that is not known */
            chain.type = chain.type ? TYPE_ANYTHING : 0;
            chain.end = behind_call(scanner, chain.end);
            continue;
        }
        size_t place = chain.end + 1;
        chain.type = step_name(scanner, place, chain.type);
        chain.end = place + 1;
        if (token_is(token, ":") && is_call(scanner, chain.end))
            chain.end = behind_call(scanner, chain.end);
    }
}

static bool is_operator(const struct token *token) {
    static const char *const operators[] = {
        "+",  "-",  "*",  "/",  "%",  "^",  "#", "&", "~",  "|",   "<<",
        ">>", "//", "==", "~=", "<=", ">=", "<", ">", "..", "and", "or"};
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (token_is(token, operators[i]))
            return true;
    return false;
}

/* What the expression at token i holds, which ends at `end` (0: where its statement does). */
static type_set expression(const struct scanner *scanner, size_t i, size_t end) {
    struct types *types = scanner->types;
    if (scanner_at(scanner, i)->kind != TOKEN_NAME)
        return TYPE_ANYTHING;
    bool final = types->final;
    types->final = false; /* it is judged when its own turn comes */
    struct chain chain = chain_at(scanner, i);
    types->final = final;
    if (end ? chain.end != end : is_operator(scanner_at(scanner, chain.end)))
        return TYPE_ANYTHING;
    if (chain.end == i + 1)
        types->followed[i] = true;
    return chain.type;
}

/* ---- functions ---- */

/* The token of a function's n-th parameter, or 0. */
static size_t parameter_at(const struct scanner *scanner, size_t function, size_t n) {
    size_t i = function + 1;
    while (!token_is(scanner_at(scanner, i), "("))
        i++;
    for (i++; scanner_at(scanner, i)->kind == TOKEN_NAME; i += 2) {
        if (n-- == 0)
            return i;
        if (!token_is(scanner_at(scanner, i + 1), ","))
            break;
    }
    return 0;
}

static void hold_all(const struct scanner *scanner, size_t function, type_set type) {
    size_t token;
    for (size_t n = 0; (token = parameter_at(scanner, function, n)) != 0; n++)
        hold(scanner->types, token, type);
}

static void hold_decide(const struct scanner *scanner, size_t function) {
    struct types *types = scanner->types;
    struct scan_types *asked = types->asked;
    type_set subject = type_of(asked->subject);
    if (asked->other_subject != OBJECT_NONE)
        subject |= type_of(asked->other_subject);
    const type_set held[] = {subject, TYPE_PARAMETERS, type_of(OBJECT_CONTEXT)};
    asked->decides = true;
    for (size_t n = 0; n < 3; n++) {
        size_t token = parameter_at(scanner, function, n);
        if (token)
            hold(types, token, held[n]);
    }
}

static bool is_decide(const struct scanner *scanner, size_t value) {
    return value >= 2 && token_is(scanner_at(scanner, value - 1), "=") &&
           token_is(scanner_at(scanner, value - 2), "decide");
}

void types_function(const struct scanner *scanner, size_t function, bool is_local) {
    struct types *types = scanner->types;
    if (is_local) {
        types->functions[function + 1] = function + 1;
        types->named[function] = true;
    }
    if (is_decide(scanner, function))
        hold_decide(scanner, function);
    else if (!types->named[function])
        hold_all(scanner, function, TYPE_ANYTHING);
}

/* The arguments of a call whose bracket opens at token i become the function's parameters. */
static void pass_arguments(const struct scanner *scanner, size_t function, size_t i) {
    size_t end = behind_bracket(scanner, i) - 1, from = i + 1, n = 0;
    for (size_t k = from, depth = 0; k <= end; k++) {
        const struct token *token = scanner_at(scanner, k);
        if (token_is(token, "function")) /* has commas of its own */
            hold_all(scanner, function, TYPE_ANYTHING);
        if (token_is(token, "(") || token_is(token, "{") || token_is(token, "["))
            depth++;
        else if (k < end && (token_is(token, ")") || token_is(token, "}") || token_is(token, "]")))
            depth--;
        else if (k == end || (depth == 0 && token_is(token, ","))) {
            size_t parameter = parameter_at(scanner, function, n++);
            if (parameter && from < k)
                hold(scanner->types, parameter, expression(scanner, from, k));
            from = k + 1;
        }
    }
}

/* ---- along with the walk ---- */

/* A local function of the file is named at token i. */
static void use_function(const struct scanner *scanner, size_t function, size_t i) {
    if (is_decide(scanner, i))
        hold_decide(scanner, function);
    else if (token_is(scanner_at(scanner, i + 1), "("))
        pass_arguments(scanner, function, i + 1);
    else
        hold_all(scanner, function, TYPE_ANYTHING);
}

void types_read(const struct scanner *scanner, size_t i) {
    struct types *types = scanner->types;
    const struct local *local = scanner_resolve(scanner, scanner_at(scanner, i)->text);
    if (!local)
        return;
    if (types->functions[local->token])
        use_function(scanner, types->functions[local->token] - 1, i);
    type_set type = types->held[local->token];
    struct chain chain = chain_at(scanner, i);
    if ((type & TYPE_PARAMETERS) && chain.end == i + 1 && !types->followed[i])
        types->asked->parameters_escape = true;
}

void types_write(const struct scanner *scanner, const struct local *local) {
    struct types *types = scanner->types;
    if (!local)
        return;
    hold(types, local->token, TYPE_ANYTHING);
    if (types->functions[local->token])
        hold_all(scanner, types->functions[local->token] - 1, TYPE_ANYTHING);
}

/* What is read by the new name's own words is taken for the new one: see take_locals. */
static void note_hidden(const struct scanner *scanner, size_t token) {
    const struct local *hidden = scanner_resolve(scanner, scanner_at(scanner, token)->text);
    if (hidden && (scanner->types->held[hidden->token] & TYPE_PARAMETERS))
        scanner->types->asked->parameters_escape = true;
}

void types_locals(const struct scanner *scanner, size_t n, size_t first, size_t sign) {
    struct types *types = scanner->types;
    bool given = token_is(scanner_at(scanner, sign), "=");
    for (size_t i = first; i < sign; i++)
        if (scanner_at(scanner, i)->kind == TOKEN_NAME)
            note_hidden(scanner, i);
    if (n == 1 && given && token_is(scanner_at(scanner, sign + 1), "function")) {
        types->functions[first] = sign + 2;
        types->named[sign + 1] = true;
    } else if (n == 1 && given) {
        hold(types, first, expression(scanner, sign + 1, 0));
    } else {
        for (size_t i = first; i < sign; i++)
            hold(types, i, TYPE_ANYTHING);
    }
}

void types_for(const struct scanner *scanner, size_t first, size_t sign) {
    struct types *types = scanner->types;
    size_t call = sign + 1, list = sign + 3;
    bool walks = sign == first + 3 && token_is(scanner_at(scanner, call), "ipairs") &&
                 token_is(scanner_at(scanner, call + 1), "(");
    type_set elements = TYPE_ANYTHING;
    for (size_t i = first; i < sign; i++)
        if (scanner_at(scanner, i)->kind == TOKEN_NAME)
            note_hidden(scanner, i);
    if (walks) {
        size_t end = behind_bracket(scanner, call + 1) - 1;
        type_set lists = expression(scanner, list, end), objects = type_of(OBJECT_KINDS) - 1;
        if (!(lists & ~(objects << LIST_SHIFT)))
            elements = lists >> LIST_SHIFT;
    }
    hold(types, first, TYPE_ANYTHING);
    if (sign > first + 2)
        hold(types, first + 2, elements);
    for (size_t i = first + 4; i < sign; i += 2)
        hold(types, i, TYPE_ANYTHING);
}

static void pass(const struct scanner *model, struct types *types) {
    struct scanner scanner = *model;
    scanner.types = types;
    types->changed = false;
    scanner_walk(&scanner);
    keys_deinit(&scanner.keys);
}

void scan_types(struct str text, struct scan_types *asked) {
    size_t n;
    struct token *tokens = scan_tokens(text, &n);
    struct scanner model = {.scan = asked->scan, .tokens = tokens, .n_tokens = n};
    struct types types = {.asked = asked,
                          .held = calloc(n, sizeof *types.held),
                          .functions = calloc(n, sizeof *types.functions),
                          .named = calloc(n, sizeof *types.named),
                          .followed = calloc(n, sizeof *types.followed)};
    if (!types.held || !types.functions || !types.named || !types.followed)
        memory_out();
    size_t passes = 0;
    do
        pass(&model, &types);
    while (types.changed && ++passes < PASSES_LIMIT);
    types.final = !types.changed;
    asked->parameters_escape = !types.final;
    pass(&model, &types);
    free(types.held);
    free(types.functions);
    free(types.named);
    free(types.followed);
    free(tokens);
}
