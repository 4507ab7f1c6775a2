/* policy.list, get, history: which rules there are and what the files of policy_dir would change.
 */
#include <errno.h>
#include <stdlib.h>

#include "bus/methods.h"
#include "bus/methods_common.h"
#include "bus/rule_terms.h"
#include "bus/run_view.h"
#include "domain/regions.h"
#include "policy/rewrite.h"
#include "policy/signature.h"

/* ---- policy.list ---- */

struct policy_listing {
    struct query *query;
    struct rules rules;
    json_t *items;
};

/* One that is set aside or proposed is shown until another came in its place. */
static bool is_newest(const struct rules *rules, const struct policy_revision *revision) {
    for (size_t i = 0; i < rules->n; i++)
        if (rules->items[i].number > revision->number && rules->items[i].state != POLICY_PROPOSED &&
            policy_revisions_compete(&rules->items[i], revision))
            return false;
    return true;
}

static bool is_listed(const struct rules *rules, const struct policy_revision *revision) {
    switch (rule_state(rules, revision)) {
    case RULE_IN_FORCE:
    case RULE_NOT_ACTIVE:
        return true;
    case RULE_SET_ASIDE:
    case RULE_PROPOSED:
        return is_newest(rules, revision);
    default:
        return false;
    }
}

static void list_revisions(struct policy_listing *listing) {
    for (size_t i = 0; i < listing->rules.n; i++) {
        const struct policy_revision *revision = &listing->rules.items[i];
        if (is_listed(&listing->rules, revision))
            json_array_append_new(listing->items,
                                  rule_describe(listing->query, &listing->rules, revision));
    }
}

/* The item of a revision, or NULL. */
static json_t *item_of(const struct policy_listing *listing,
                       const struct policy_revision *revision) {
    size_t i;
    json_t *item;
    json_array_foreach(listing->items, i, item) {
        const char *text = json_string_value(json_object_get(item, "revision"));
        if (revision && text && str_equal(str_from(text), revision->data.revision))
            return item;
    }
    return NULL;
}

static json_t *glance_json(struct str text, const char *member) {
    return json_from_str(rule_glance(text, member));
}

/* The revision that a file of that name and scope is to be compared with; NULL: none. A scope that
 * nobody defined has none. */
static const struct policy_revision *current_of(const struct policy_listing *listing,
                                                struct str name, struct str scope) {
    uint32_t number = 0;
    if (scope.data && thing_find(listing->query->view, NOUN_REGION, scope, &number) != 0)
        return NULL;
    return rules_newest(&listing->rules, name, number);
}

/* A file says what is in force, or is a draft of what might be, or of a policy that is not active.
 */
static void list_text(struct policy_listing *listing, const char *file, struct str text) {
    struct str name = rule_glance(text, "name"), scope = rule_glance(text, "scope");
    if (!name.data)
        name = (struct str){file, strlen(file) - STR(".lua").size};
    const struct policy_revision *current = current_of(listing, name, scope);
    json_t *item = item_of(listing, current);
    bool differs =
        !current || !rewrite_is_same(rule_file_text(listing->query->arena, current), text);
    if (item)
        json_object_set_new(item, "file", json_string(file));
    if (item)
        json_object_set_new(item, "differs", json_boolean(differs));
    if (!differs)
        return;
    json_array_append_new(listing->items,
                          json_pack("{s:o, s:o, s:o, s:o, s:n, s:n, s:n, s:s, s:s, s:b}", "policy",
                                    json_from_str(name), "kind", glance_json(text, "kind"), "title",
                                    glance_json(text, "title"), "scope", json_from_str(scope),
                                    "revision", "effective", "activated", "state",
                                    current ? "draft" : "not_active", "file", file, "differs", 1));
}

/* Unreadable or too long to be a policy: said in the list, where it is looked for. */
static int list_file(void *context, const char *file, struct str text, int error) {
    struct policy_listing *listing = context;
    if (!error)
        list_text(listing, file, text);
    else
        json_array_append_new(
            listing->items,
            json_pack("{s:s%, s:s, s:s, s:s}", "policy", file, strlen(file) - STR(".lua").size,
                      "state", "not_active", "file", file, "failure",
                      error == EFBIG ? "too long for a policy" : strerrordesc_np(error)));
    return 0;
}

/* Where a scope lies: the names from the county down, for a tree of the list. */
static void add_places(struct query *query, json_t *items) {
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item) {
        struct str scope = str_from(json_string_value(json_object_get(item, "scope")));
        uint32_t number, path[REGION_DEPTH];
        if (!scope.data || thing_find(query->view, NOUN_REGION, scope, &number) != 0)
            continue;
        size_t n = region_path(query->view, number, path);
        json_t *names = json_array();
        for (size_t k = n; k > 0; k--)
            json_array_append_new(names,
                                  json_from_subject(query, NOUN_REGION, path[k - 1], query->arena));
        json_object_set_new(item, "path", names);
    }
}

int query_policy_list(struct query *query, json_t **ret_result) {
    struct policy_listing listing = {.query = query};
    int r = rules_load(query, &listing.rules);
    if (r != 0)
        return r;
    listing.items = json_array();
    list_revisions(&listing);
    /* A folder that is not there has no drafts. */
    (void)rule_files(query, list_file, &listing);
    add_places(query, listing.items);
    *ret_result = json_pack("{s:o, s:n}", "items", listing.items, "next");
    return 0;
}

/* ---- policy.get ---- */

static int find_rule(struct query *query, const struct rules *rules,
                     const struct policy_revision **ret_revision) {
    struct str policy = query_text(query, "policy"), revision = query_text(query, "revision");
    if (!policy.data && !revision.data)
        return problem_set(query->problem, PROBLEM_MISSING_FIELD, "policy",
                           "name a policy, for what is in force, or one of its revisions");
    uint32_t scope;
    struct str code;
    int r = rule_scope(query, query_text(query, "scope"), &scope, &code);
    if (r != 0)
        return r;
    *ret_revision = revision.data ? rules_find(rules, revision)
                    : code.data   ? rules_newest(rules, policy, scope)
                                  : rules_in_force(rules, policy);
    if (!*ret_revision || (policy.data && !str_equal((*ret_revision)->data.policy, policy)))
        return query_unknown(query, NOUN_POLICY, revision.data ? "revision" : "policy",
                             revision.data ? revision : policy);
    return 0;
}

int query_policy_get(struct query *query, json_t **ret_result) {
    struct rules rules;
    const struct policy_revision *revision = NULL;
    int r = rules_load(query, &rules);
    if (r == 0)
        r = find_rule(query, &rules, &revision);
    if (r != 0)
        return r;
    json_t *object = json_from_struct(&policy_activated_fields, &revision->data);
    json_t *described = rule_describe(query, &rules, revision);
    char digest[TERMS_DIGEST_TEXT_BYTES];
    terms_digest(object, digest);
    json_object_update(object, described);
    json_decref(described);
    json_object_set_new(object, "activation", json_integer((json_int_t)revision->sequence));
    json_object_set_new(object, "digest", json_string(digest));
    *ret_result = object;
    return 0;
}

/* ---- policy.history ---- */

#define RUNS_SHOWN 10

/* `runs`: of the revision, newest first; may be NULL. */
static json_t *history_item(struct query *query, const struct rules *rules,
                            const struct policy_revision *revision, json_t *runs) {
    const struct policy_activated *data = &revision->data;
    json_t *item = rule_describe(query, rules, revision);
    json_object_set_new(item, "by", json_from_str(data->by));
    json_object_set_new(item, "retroactivity",
                        json_string(RETROACTIVITY_choices.words[data->retroactivity]));
    json_object_set_new(item, "sequence", json_integer((json_int_t)revision->sequence));
    static const struct {
        enum policy_activated_index field;
        const char *name;
        size_t offset;
    } texts[] = {
        {policy_activated__second, "second", offsetof(struct policy_activated, second)},
        {policy_activated__based_on, "based_on", offsetof(struct policy_activated, based_on)},
        {policy_activated__restores, "restores", offsetof(struct policy_activated, restores)},
        {policy_activated__document, "document", offsetof(struct policy_activated, document)}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (data->head.present >> texts[i].field & 1)
            json_object_set_new(
                item, texts[i].name,
                json_from_str(*(const struct str *)((const char *)data + texts[i].offset)));
    if (HAS(data, policy_activated, withdraw) && data->withdraw)
        json_object_set_new(item, "withdraw", json_true());
    if (revision->retired_from != POLICY_NOT_RETIRED)
        json_object_set_new(item, "retired_from",
                            json_from_date(revision->retired_from, INT32_MIN));
    if (revision->set_aside)
        json_object_set_new(item, "set_aside", json_integer((json_int_t)revision->set_aside));
    if (runs) {
        json_object_set(item, "run", json_array_get(runs, 0));
        json_object_set(item, "runs", runs);
    }
    return item;
}

int query_policy_history(struct query *query, json_t **ret_result) {
    struct str policy = query_text(query, "policy");
    struct rules rules;
    int r = rules_load(query, &rules);
    if (r != 0)
        return r;
    json_t *items = json_array(), **runs;
    uint32_t n = rules.n ? rules.items[rules.n - 1].number : 0;
    r = runs_of_revisions(query, n, RUNS_SHOWN, &runs);
    for (size_t i = 0; r == 0 && i < rules.n; i++)
        if (str_equal(rules.items[i].data.policy, policy))
            json_array_append_new(
                items, history_item(query, &rules, &rules.items[i], runs[rules.items[i].number]));
    for (uint32_t i = 0; r == 0 && i <= n; i++)
        json_decref(runs[i]);
    if (r == 0 && json_array_size(items) == 0)
        r = query_unknown(query, NOUN_POLICY, "policy", policy);
    if (r == 0)
        *ret_result = json_pack("{s:O, s:n}", "items", items, "next");
    json_decref(items);
    return r;
}
