/* policy.set: parameters from a day on, without touching the text; policy.pull: what is in force as
 * a file of it has it. */
#include <stdlib.h>

#include "bus/methods.h"
#include "bus/methods_common.h"
#include "bus/rule_terms.h"
#include "util/error.h"

#define PATH_DEPTH 8

/* ---- which policy ---- */

/* The newest revision of the policy and scope that the parameters name. */
static int find_newest(struct query *query, const struct rules *rules,
                       const struct policy_revision **ret_revision) {
    struct str policy = query_text(query, "policy"), code;
    uint32_t scope;
    int r = rule_scope(query, query_text(query, "scope"), &scope, &code);
    if (r != 0)
        return r;
    *ret_revision = rules_newest(rules, policy, scope);
    return *ret_revision ? 0 : query_unknown(query, NOUN_POLICY, "policy", policy);
}

/* ---- policy.pull ---- */

int query_policy_pull(struct query *query, json_t **ret_result) {
    struct rules rules;
    const struct policy_revision *revision = NULL;
    int r = rules_load(query, &rules);
    if (r == 0)
        r = find_newest(query, &rules, &revision);
    if (r != 0)
        return r;
    *ret_result = rule_describe(query, &rules, revision);
    json_object_set_new(*ret_result, "text", json_from_str(rule_file_text(query->arena, revision)));
    struct str file = rule_file(query, revision->data.policy, revision->data.scope);
    if (file.data)
        json_object_set_new(*ret_result, "file", json_from_str(file));
    return 0;
}

/* ---- policy.set ---- */

struct change {
    struct rule_terms terms;
    const struct policy_revision *revision; /* that is changed */
    struct str from;
    json_t *set;     /* of that day, as it will be */
    json_t *changes; /* list: what becomes of what */
};

/* The set that holds on that day. */
static json_t *set_on(const json_t *sets, const char *date) {
    const char *day, *newest = NULL;
    json_t *set, *found = NULL;
    json_object_foreach((json_t *)(uintptr_t)sets, day, set) {
        if (strcmp(day, date) > 0 || (newest && strcmp(day, newest) < 0))
            continue;
        newest = day;
        found = set;
    }
    return found;
}

static int refuse_value(struct change *change, const char *path, const char *expected) {
    return problem_set(change->terms.query->problem, PROBLEM_WRONG_TYPE, "parameters",
                       "%s: %s is expected, as it is now", path, expected);
}

/* A text as a command line has it becomes a value of the kind there is now. */
static int typed(struct change *change, const char *path, const json_t *now, json_t *given,
                 json_t **ret_value) {
    const char *text = json_string_value(given);
    json_t *value =
        text && !json_is_string(now) ? json_loads(text, JSON_DECODE_ANY, NULL) : json_incref(given);
    bool number = json_is_number(now) && json_is_number(value) &&
                  (json_is_real(now) || json_is_integer(value));
    bool fits = number || (json_is_boolean(now) && json_is_boolean(value)) ||
                (json_is_string(now) && json_is_string(value)) ||
                (json_is_array(now) && json_is_array(value)) ||
                (json_is_object(now) && json_is_object(value));
    if (fits) {
        *ret_value = value;
        return 0;
    }
    json_decref(value);
    return refuse_value(change, path,
                        json_is_integer(now)   ? "a whole number"
                        : json_is_real(now)    ? "a number"
                        : json_is_boolean(now) ? "true or false"
                        : json_is_string(now)  ? "a text"
                        : json_is_array(now)   ? "a list such as [1, 2]"
                                               : "an object");
}

static int unknown_parameter(struct change *change, const char *path, const json_t *container,
                             const char *word) {
    const char *names[64], *name;
    json_t *value;
    size_t n = 0;
    json_object_foreach((json_t *)(uintptr_t)container, name, value) if (n < 64) names[n++] = name;
    const char *nearest = n ? str_nearest(str_from(word), names, n) : NULL;
    struct query *query = change->terms.query;
    if (json_is_array(container))
        return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "parameters",
                           "%s: the list has %zu entries, counted from 1", path,
                           json_array_size(container));
    return problem_set(query->problem, PROBLEM_UNKNOWN_FIELD, "parameters",
                       "%s: on that day there is no such parameter%s%s", path,
                       nearest ? ": did you mean " : "", nearest ? nearest : "");
}

/* The list's place that a word names, from 0; its size where there is none such. */
static size_t place_in(const json_t *list, const char *word) {
    char *end;
    unsigned long place = strtoul(word, &end, 10);
    bool is_place = *word >= '1' && *word <= '9' && !*end && place <= json_array_size(list);
    return is_place ? place - 1 : json_array_size(list);
}

static json_t *member_of(const json_t *container, const char *word) {
    return json_is_array(container) ? json_array_get(container, place_in(container, word))
                                    : json_object_get(container, word);
}

static void set_member(json_t *container, const char *word, json_t *value) {
    if (json_is_array(container))
        json_array_set(container, place_in(container, word), value);
    else
        json_object_set(container, word, value);
}

/* One change as people are told of it: which parameter, by its own description. */
static void note_change(struct change *change, const char *path, const char *name, const char *item,
                        const json_t *now, json_t *value) {
    const json_t *describe =
        json_object_get(json_object_get(change->terms.verdict, "describe"), name);
    json_t *note = json_pack("{s:s, s:s, s:O, s:O, s:o}", "parameter", path, "name", name, "was",
                             now, "becomes", value, "from", json_from_str(change->from));
    json_t *title = json_object_get(describe, "title"), *unit = json_object_get(describe, "unit");
    json_t *items = json_object_get(describe, "items");
    if (title)
        json_object_set(note, "title", title);
    if (unit)
        json_object_set(note, "unit", unit);
    if (item && json_is_array(items) && json_array_get(items, place_in(items, item)))
        json_object_set(note, "item", json_array_get(items, place_in(items, item)));
    json_array_append_new(change->changes, note);
}

/* "hours.5" = "1200" in the set. */
static int apply_change(struct change *change, const char *path, json_t *given) {
    char *words = arena_string(change->terms.query->arena, str_from(path)), *rest = words;
    const char *word = strsep(&rest, "."), *name = word;
    json_t *container = change->set, *now = json_object_get(change->set, word), *value = NULL;
    for (int depth = 0; now && rest && depth < PATH_DEPTH; depth++) {
        container = now;
        word = strsep(&rest, ".");
        now = member_of(container, word);
    }
    if (!now || rest)
        return unknown_parameter(change, path, container, word);
    int r = typed(change, path, now, given, &value);
    if (r != 0)
        return r;
    json_incref(now);
    set_member(container, word, value);
    if (!json_equal(now, value))
        note_change(change, path, name, word == name ? NULL : word, now, value);
    json_decref(now);
    json_decref(value);
    return 0;
}

static int apply_changes(struct change *change) {
    struct query *query = change->terms.query;
    const char *path;
    json_t *value;
    json_t *set = set_on(json_object_get(change->terms.verdict, "sets"), change->from.data);
    if (!set)
        return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "from",
                           "before its first set of parameters the rule does not hold");
    change->set = json_deep_copy(set);
    change->changes = json_array();
    json_object_foreach(json_object_get(query->params, "parameters"), path, value) {
        int r = apply_change(change, path, value);
        if (r != 0)
            return r;
    }
    if (json_array_size(change->changes) == 0)
        return problem_set(query->problem, PROBLEM_WRONG_STATE, "parameters",
                           "these are the values on that day already; nothing would change");
    return 0;
}

/* What earlier changes laid over the text, and this day's set. */
static int lay_over(struct change *change) {
    struct rule_terms *terms = &change->terms;
    struct str laid = change->revision->data.parameters;
    json_t *sets = HAS(&change->revision->data, policy_activated, parameters)
                       ? json_loadb(laid.data, laid.size, 0, NULL)
                       : json_object();
    json_object_set(sets, change->from.data, change->set);
    char *text = json_dumps(sets, JSON_COMPACT);
    json_decref(sets);
    if (!text)
        return error_note(-ENOMEM, "no memory for parameters");
    terms->parameters = arena_copy(terms->query->arena, str_from(text));
    free(text);
    return 0;
}

static int begin(struct change *change) {
    struct rule_terms *terms = &change->terms;
    struct query *query = terms->query;
    int32_t from = query_date(query, "from", INT32_MIN);
    char text[16];
    int r = find_newest(query, &terms->rules, &change->revision);
    if (r != 0)
        return r;
    if (json_object_size(json_object_get(query->params, "parameters")) == 0)
        return problem_set(query->problem, PROBLEM_MISSING_FIELD, "parameters",
                           "say which parameter gets which value: hours.5=1200");
    const struct policy_activated *data = &change->revision->data;
    change->from = arena_copy(query->arena, (struct str){text, date_format(from, text)});
    change->from.data = arena_string(query->arena, change->from);
    terms->text = data->text;
    terms->file = data->policy;
    terms->libraries = data->library;
    terms->parameters = HAS(data, policy_activated, parameters) ? data->parameters : STR_NONE;
    return 0;
}

/* From today on or, where the parameters hold for days before, from the first of those; but never
 * before the revision that is changed. */
static void choose_effective(struct change *change) {
    struct rule_terms *terms = &change->terms;
    int32_t from = query_date(terms->query, "from", terms->rules.today);
    int32_t day = from < terms->rules.today ? from : terms->rules.today;
    char text[16];
    if (day < change->revision->data.effective)
        day = change->revision->data.effective;
    size_t size = date_format(day, text);
    terms->effective = arena_copy(terms->query->arena, (struct str){text, size});
}

/* What stands at later days is not changed by it. */
static json_t *later_sets(const struct change *change) {
    json_t *later = json_array(), *set;
    const char *day;
    json_object_foreach(json_object_get(change->terms.verdict, "sets"), day, set) {
        if (strcmp(day, change->from.data) > 0)
            json_array_append_new(later, json_string(day));
    }
    return later;
}

static int put(struct change *change, json_t **ret_result) {
    struct rule_terms *terms = &change->terms;
    int r = 0;
    if (query_boolean(terms->query, "try", false))
        *ret_result = json_pack("{s:o}", "policy", json_from_str(terms->policy));
    else
        r = rule_terms_put(terms, ret_result);
    if (r != 0)
        return r;
    json_object_set(*ret_result, "changes", change->changes);
    json_object_set_new(*ret_result, "later", later_sets(change));
    json_object_set_new(*ret_result, "parameters",
                        json_loadb(terms->parameters.data, terms->parameters.size, 0, NULL));
    struct str file = rule_file(terms->query, terms->policy, terms->scope);
    if (file.data)
        json_object_set_new(*ret_result, "file", json_from_str(file));
    return 0;
}

int query_policy_set(struct query *query, json_t **ret_result) {
    struct change change = {0};
    int r = rule_terms_init(&change.terms, query);
    if (r == 0)
        r = begin(&change);
    if (r == 0)
        r = rule_terms_vet(&change.terms);
    if (r == 0)
        r = apply_changes(&change);
    if (r == 0)
        r = lay_over(&change);
    if (r == 0)
        r = rule_terms_judge(&change.terms);
    if (r == 0) {
        choose_effective(&change);
        r = rule_terms_place(&change.terms);
    }
    if (r == 0)
        r = put(&change, ret_result);
    json_decref(change.set);
    json_decref(change.changes);
    rule_terms_deinit(&change.terms);
    return r;
}
