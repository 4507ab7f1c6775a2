#include "bus/methods_rules.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "bus/methods_common.h"
#include "policy/rewrite.h"
#include "util/error.h"

#define LIBRARIES_LIMIT 16

static bool is_word(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

static struct str skip_spaces(struct str text) {
    while (text.size && isspace((unsigned char)*text.data))
        text = (struct str){text.data + 1, text.size - 1};
    return text;
}

/* What follows `member =` at the beginning of `text`, or STR_NONE. */
static struct str value_after(struct str text, struct str member) {
    if (!str_starts_with(text, member))
        return STR_NONE;
    text = skip_spaces((struct str){text.data + member.size, text.size - member.size});
    if (!str_starts_with(text, STR("=")) || str_starts_with(text, STR("==")))
        return STR_NONE;
    return skip_spaces((struct str){text.data + 1, text.size - 1});
}

/* From the last line that begins with `return`: what stands before it are functions of the file,
 * whose tables have names and titles of their own. */
static struct str returned(struct str text) {
    struct str found = text;
    for (size_t i = 0; i < text.size; i++) {
        struct str rest = {text.data + i, text.size - i};
        if ((i == 0 || text.data[i - 1] == '\n') && str_starts_with(rest, STR("return")))
            found = rest;
    }
    return found;
}

/* What follows the first `member =` of what is returned, outside of comments, or STR_NONE. */
static struct str find_value(struct str text, struct str member) {
    text = returned(text);
    for (size_t i = 0; i < text.size; i++) {
        struct str rest = {text.data + i, text.size - i};
        if (str_starts_with(rest, STR("--"))) {
            const char *end = memchr(rest.data, '\n', rest.size);
            i = end ? (size_t)(end - text.data) : text.size;
            continue;
        }
        struct str value =
            i > 0 && is_word(text.data[i - 1]) ? STR_NONE : value_after(rest, member);
        if (value.data)
            return value;
    }
    return STR_NONE;
}

/* What stands in quotes at the beginning of `text`, or STR_NONE. */
static struct str quoted(struct str text) {
    if (text.size < 2 || (*text.data != '"' && *text.data != '\''))
        return STR_NONE;
    const char *end = memchr(text.data + 1, *text.data, text.size - 1);
    return end ? (struct str){text.data + 1, (size_t)(end - text.data) - 1} : STR_NONE;
}

struct str rule_glance(struct str text, const char *member) {
    return quoted(find_value(text, str_from(member)));
}

/* ---- library files ---- */

static int read_library(struct query *query, struct str name, struct list *libraries) {
    const struct io *io = query->services->io;
    struct library *library = (struct library *)libraries->items + libraries->n;
    struct str path = arena_printf(query->arena, "%s/../library/%.*s.lua",
                                   query->services->policy_dir, STR_ARG(name));
    char *text;
    size_t size;
    int r = io_read_file(io, arena_string(query->arena, path), RULE_TEXT_LIMIT, &text, &size);
    if (r < 0)
        return r == -ENOENT ? 0 : error_note(r, "cannot read a library file");
    library->name = arena_copy(query->arena, name);
    library->text = arena_copy(query->arena, (struct str){text, size});
    GIVE(library, library, name);
    GIVE(library, library, text);
    libraries->n++;
    free(text);
    return 0;
}

static bool is_library_name(struct str name) {
    for (size_t i = 0; i < name.size; i++)
        if (!is_word(name.data[i]))
            return false;
    return name.size > 0;
}

int rule_libraries(struct query *query, struct str text, struct list *ret_libraries) {
    struct str uses = find_value(text, STR("uses"));
    const char *end = uses.size && *uses.data == '{' ? memchr(uses.data, '}', uses.size) : NULL;
    int r = 0;
    *ret_libraries =
        (struct list){.items = arena_alloc(query->arena, LIBRARIES_LIMIT * sizeof(struct library))};
    for (const char *next = uses.data; end && next < end && r == 0; next++) {
        struct str name = quoted((struct str){next, (size_t)(end - next)});
        if (!name.data)
            continue;
        if (is_library_name(name) && ret_libraries->n < LIBRARIES_LIMIT)
            r = read_library(query, name, ret_libraries);
        next = name.data + name.size;
    }
    return r;
}

/* ---- the files of policy_dir ---- */

struct file_walk {
    struct query *query;
    int (*each)(void *context, const char *name, struct str text, int error);
    void *context;
};

static int walk_file(void *context, const char *name) {
    struct file_walk *walk = context;
    const struct services *services = walk->query->services;
    struct str path = arena_printf(walk->query->arena, "%s/%s", services->policy_dir, name);
    size_t size = strlen(name);
    char *text;
    if (*name == '.' || size <= 4 || strcmp(name + size - 4, ".lua") != 0)
        return 0;
    int r = io_read_file(services->io, arena_string(walk->query->arena, path), RULE_TEXT_LIMIT,
                         &text, &size);
    if (r < 0)
        return walk->each(walk->context, name, STR_NONE, -r);
    r = walk->each(walk->context, name, (struct str){text, size}, 0);
    free(text);
    return r;
}

int rule_files(struct query *query,
               int (*each)(void *context, const char *name, struct str text, int error),
               void *context) {
    struct file_walk walk = {query, each, context};
    const struct io *io = query->services->io;
    return io->list(io->self, query->services->policy_dir, walk_file, &walk);
}

struct file_search {
    struct query *query;
    struct str policy;
    struct str scope;
    struct str path;
};

static int match_file(void *context, const char *name, struct str text, int error) {
    struct file_search *search = context;
    if (error || !str_equal(rule_glance(text, "name"), search->policy) ||
        !str_equal(rule_glance(text, "scope"), search->scope))
        return 0;
    search->path =
        arena_printf(search->query->arena, "%s/%s", search->query->services->policy_dir, name);
    return 1;
}

struct str rule_file(struct query *query, struct str policy, struct str scope) {
    struct file_search search = {.query = query, .policy = policy, .scope = scope};
    (void)rule_files(query, match_file, &search);
    return search.path;
}

/* ---- files ---- */

static bool is_file_name(struct str file) {
    for (size_t i = 0; i < file.size; i++)
        if (!is_word(file.data[i]) && file.data[i] != '-' && (file.data[i] != '.' || i == 0))
            return false;
    return file.size > 0;
}

int rule_file_read(struct query *query, struct str file, struct str *ret_text) {
    const struct io *io = query->services->io;
    struct str path =
        arena_printf(query->arena, "%s/%.*s", query->services->policy_dir, STR_ARG(file));
    char *text;
    size_t size;
    if (!is_file_name(file))
        return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "file",
                           "the name of a file of policy_dir is expected, without a folder");
    /* More than a policy may have is read, too: the check says so. */
    int r = io_read_file(io, arena_string(query->arena, path), 4 * RULE_TEXT_LIMIT, &text, &size);
    if (r < 0)
        return problem_set(query->problem, r == -EFBIG ? PROBLEM_TOO_LONG : PROBLEM_OUT_OF_RANGE,
                           "file", "%.*s of policy_dir cannot be read: %s", STR_ARG(file),
                           strerrordesc_np(-r));
    *ret_text = arena_copy(query->arena, (struct str){text, size});
    free(text);
    return 0;
}

/* ---- revisions ---- */

static int add_revision(void *context, const struct policy_revision *revision) {
    struct rules *rules = context;
    if (rules->n == rules->capacity) {
        size_t capacity = rules->capacity ? 2 * rules->capacity : 32;
        struct policy_revision *items = arena_alloc(rules->arena, capacity * sizeof *items);
        for (size_t i = 0; i < rules->n; i++)
            items[i] = rules->items[i];
        rules->items = items;
        rules->capacity = capacity;
    }
    rules->items[rules->n++] = *revision;
    return 0;
}

int rules_load(struct query *query, struct rules *ret_rules) {
    *ret_rules = (struct rules){.arena = query->arena, .today = query_today(query)};
    int r = policy_revisions(query->view, query->arena, add_revision, ret_rules);
    for (size_t i = 0; r == 0 && i < ret_rules->n; i++)
        regions_renew(query, &policy_activated_fields, &ret_rules->items[i].data, query->arena);
    return query_found(r);
}

static bool holds_today(const struct rules *rules, const struct policy_revision *revision) {
    return policy_revision_holds(revision, rules->today);
}

enum rule_state rule_state(const struct rules *rules, const struct policy_revision *revision) {
    if (revision->state == POLICY_PROPOSED)
        return RULE_PROPOSED;
    if (revision->state == POLICY_SET_ASIDE)
        return RULE_SET_ASIDE;
    if (revision->retired_from <= rules->today)
        return RULE_RETIRED;
    if (revision->data.effective > rules->today)
        return RULE_NOT_ACTIVE;
    for (size_t i = 0; i < rules->n; i++) {
        const struct policy_revision *other = &rules->items[i];
        if (other->number > revision->number && holds_today(rules, other) &&
            policy_revisions_compete(other, revision))
            return RULE_SUPERSEDED;
    }
    return RULE_IN_FORCE;
}

const char *rule_state_text(enum rule_state state) {
    static const char *const texts[] = {
        [RULE_IN_FORCE] = "in_force",     [RULE_SUPERSEDED] = "superseded",
        [RULE_NOT_ACTIVE] = "not_active", [RULE_SET_ASIDE] = "set_aside",
        [RULE_RETIRED] = "retired",       [RULE_PROPOSED] = "proposed",
    };
    return texts[state];
}

const struct policy_revision *rules_in_force(const struct rules *rules, struct str policy) {
    for (size_t i = rules->n; i > 0; i--) {
        const struct policy_revision *revision = &rules->items[i - 1];
        if (str_equal(revision->data.policy, policy) &&
            rule_state(rules, revision) == RULE_IN_FORCE)
            return revision;
    }
    return NULL;
}

const struct policy_revision *rules_newest(const struct rules *rules, struct str policy,
                                           uint32_t scope) {
    for (size_t i = rules->n; i > 0; i--) {
        const struct policy_revision *revision = &rules->items[i - 1];
        if (revision->state == POLICY_IN_FORCE && revision->retired_from > rules->today &&
            revision->scope == scope && str_equal(revision->data.policy, policy))
            return revision;
    }
    return NULL;
}

const struct policy_revision *rules_before(const struct rules *rules,
                                           const struct policy_revision *revision) {
    const struct policy_revision *stands = revision;
    while (stands && HAS(&stands->data, policy_activated, restores))
        stands = rules_find(rules, stands->data.restores);
    for (size_t i = rules->n; stands && i > 0; i--) {
        const struct policy_revision *other = &rules->items[i - 1];
        if (other->number < stands->number && other->state == POLICY_IN_FORCE &&
            other->retired_from > rules->today && policy_revisions_compete(other, stands))
            return other;
    }
    return NULL;
}

struct str rule_file_text(struct arena *arena, const struct policy_revision *revision) {
    const struct policy_activated *data = &revision->data;
    struct buf laid __attribute__((cleanup(buf_deinit))) = {0};
    struct buf based __attribute__((cleanup(buf_deinit))) = {0};
    struct str text = data->text;
    json_t *sets = HAS(data, policy_activated, parameters)
                       ? json_loadb(data->parameters.data, data->parameters.size, 0, NULL)
                       : NULL;
    /* Its cases go on being asked for the day that they were written for. */
    struct str cases_on = STR_NONE;
    for (size_t i = 0; json_is_object(sets) && i < data->sets.n; i++) {
        struct str day = ((const struct str *)data->sets.items)[i];
        if (!json_object_get(sets, arena_string(arena, day)))
            cases_on = day;
    }
    if (json_is_object(sets) && rewrite_parameters(text, sets, cases_on, &laid) == 0)
        text = buf_str(&laid);
    json_decref(sets);
    if (rewrite_based_on(text, data->revision, &based) == 0)
        text = buf_str(&based);
    return arena_copy(arena, text);
}

const struct policy_revision *rules_find(const struct rules *rules, struct str revision) {
    for (size_t i = 0; i < rules->n; i++)
        if (str_equal(rules->items[i].data.revision, revision))
            return &rules->items[i];
    return NULL;
}

json_t *rule_describe(struct query *query, const struct rules *rules,
                      const struct policy_revision *revision) {
    const struct policy_activated *data = &revision->data;
    struct str scope = HAS(data, policy_activated, scope) ? data->scope : STR_NONE;
    return json_pack(
        "{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o}", "policy", json_from_str(data->policy),
        "kind", POLICY_KIND_choices.words[data->kind], "title",
        json_from_str(rule_glance(data->text, "title")), "scope", json_from_str(scope), "revision",
        json_from_str(data->revision), "effective", json_from_date(data->effective, INT32_MIN),
        "activated", json_from_time(query, revision->activated_us), "state",
        rule_state_text(rule_state(rules, revision)), "basis",
        json_from_str(rule_glance(data->text, "basis")), "document",
        json_from_str(HAS(data, policy_activated, document) ? data->document : STR_NONE));
}
