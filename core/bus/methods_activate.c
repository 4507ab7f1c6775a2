/* policy.check and policy.activate: a text is judged in a child process, and what passes is put in
 * force by one event. */
#include "bus/methods.h"
#include "bus/methods_common.h"
#include "bus/rule_terms.h"
#include "policy/rewrite.h"

static int take_text(struct rule_terms *terms) {
    struct query *query = terms->query;
    terms->text = query_text(query, "text");
    terms->file = query_text(query, "file");
    int r = rule_check_size(terms->query, terms->text);
    return r == 0 ? rule_libraries(query, terms->text, &terms->libraries) : r;
}

/* Without a text: that of the file of policy_dir. */
static int take_text_or_file(struct rule_terms *terms) {
    struct query *query = terms->query;
    struct str file = query_text(query, "file");
    if (query_text(query, "text").data)
        return take_text(terms);
    if (!file.size)
        return problem_set(query->problem, PROBLEM_MISSING_FIELD, "text",
                           "give a text, or the name of a file of policy_dir as file");
    terms->file = file;
    int r = rule_file_read(query, file, &terms->text);
    return r == 0 ? rule_libraries(query, terms->text, &terms->libraries) : r;
}

int query_policy_check(struct query *query, json_t **ret_result) {
    struct rule_terms terms = {.query = query};
    int r = take_text_or_file(&terms);
    if (r == 0)
        r = rule_terms_vet(&terms);
    if (r == 0)
        *ret_result = json_incref(terms.verdict);
    rule_terms_deinit(&terms);
    return r;
}

/* ---- policy.activate ---- */

/* Beside the refusal: what the file was written from and what is in force now, for a comparison of
 * three. */
static int refuse_drift(struct rule_terms *terms, struct str based_on) {
    struct query *query = terms->query;
    const struct policy_revision *base = rules_find(&terms->rules, based_on);
    struct str theirs = rule_file_text(query->arena, terms->last);
    query->error_data = json_pack(
        "{s:o, s:o, s:o, s:o}", "based_on", json_from_str(based_on), "base_text",
        json_from_str(base ? rule_file_text(query->arena, base) : STR_NONE), "in_force",
        json_from_str(terms->last->data.revision), "in_force_text", json_from_str(theirs));
    return problem_set(query->problem, PROBLEM_WRONG_STATE, "text",
                       "the text is based on %.*s, but %.*s is newer: take over what changed there "
                       "and set based_on, or begin again with `policy pull`",
                       STR_ARG(based_on), STR_ARG(terms->last->data.revision));
}

static bool is_in_force_already(const struct rule_terms *terms) {
    return terms->last && terms->retroactivity == RETROACTIVITY_FROM_NOW &&
           rewrite_is_same(rule_file_text(terms->query->arena, terms->last), terms->text);
}

static int check_news(struct rule_terms *terms) {
    struct str based_on = str_from(json_string_value(json_object_get(terms->verdict, "based_on")));
    if (terms->last && based_on.data && !str_equal(based_on, terms->last->data.revision))
        return refuse_drift(terms, based_on);
    /* The same text again makes sense only to judge the past by it. */
    if (is_in_force_already(terms))
        return problem_set(terms->query->problem, PROBLEM_WRONG_STATE, "text",
                           "this text is in force already, as %.*s; nothing would change",
                           STR_ARG(terms->last->data.revision));
    return 0;
}

int query_policy_activate(struct query *query, json_t **ret_result) {
    struct rule_terms terms;
    int r = rule_terms_init(&terms, query);
    if (r == 0)
        r = take_text(&terms);
    if (r == 0)
        r = rule_terms_judge(&terms);
    if (r == 0)
        r = rule_terms_place(&terms);
    if (r == 0)
        r = check_news(&terms);
    if (r == 0)
        r = rule_terms_put(&terms, ret_result);
    rule_terms_deinit(&terms);
    return r;
}
