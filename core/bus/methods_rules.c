#include "bus/methods_rules.h"

#include <ctype.h>
#include <stdlib.h>

#include "bus/methods_common.h"
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

/* Of these kinds a scope has as many policies as have names; of all others one. */
static bool kind_has_many(int32_t kind) {
    return kind == POLICY_KIND_POINTS || kind == POLICY_KIND_HONOUR ||
           kind == POLICY_KIND_ASSESSMENT || kind == POLICY_KIND_BULLETIN;
}

static bool takes_place(const struct policy_revision *later, const struct policy_revision *sooner) {
    return later->number > sooner->number && later->scope == sooner->scope &&
           later->data.kind == sooner->data.kind &&
           (!kind_has_many(later->data.kind) || str_equal(later->data.policy, sooner->data.policy));
}

enum rule_state rule_state(const struct rules *rules, const struct policy_revision *revision) {
    if (revision->state == POLICY_SET_ASIDE)
        return RULE_SET_ASIDE;
    if (revision->data.effective > rules->today)
        return RULE_NOT_ACTIVE;
    for (size_t i = 0; i < rules->n; i++) {
        const struct policy_revision *other = &rules->items[i];
        if (other->state != POLICY_SET_ASIDE && other->data.effective <= rules->today &&
            takes_place(other, revision))
            return RULE_SUPERSEDED;
    }
    return RULE_IN_FORCE;
}

const char *rule_state_text(enum rule_state state) {
    static const char *const texts[] = {
        [RULE_IN_FORCE] = "in_force",
        [RULE_SUPERSEDED] = "superseded",
        [RULE_NOT_ACTIVE] = "not_active",
        [RULE_SET_ASIDE] = "set_aside",
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
    return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:s}", "policy",
                     json_from_str(data->policy), "kind", POLICY_KIND_choices.words[data->kind],
                     "title", json_from_str(rule_glance(data->text, "title")), "scope",
                     json_from_str(scope), "revision", json_from_str(data->revision), "effective",
                     json_from_date(data->effective, INT32_MIN), "activated",
                     json_from_time(query, revision->activated_us), "state",
                     rule_state_text(rule_state(rules, revision)));
}
