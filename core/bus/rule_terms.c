#include "bus/rule_terms.h"

#include <stdlib.h>

#include "bus/job.h"
#include "bus/methods_common.h"
#include "domain/policy_runs.h"
#include "policy/rewrite.h"
#include "policy/signature.h"
#include "policy/simulate.h"
#include "util/error.h"

static struct str member_str(const json_t *object, const char *name) {
    return str_from(json_string_value(json_object_get(object, name)));
}

int rule_terms_init(struct rule_terms *terms, struct query *query) {
    *terms = (struct rule_terms){.query = query};
    return rules_load(query, &terms->rules);
}

void rule_terms_deinit(struct rule_terms *terms) {
    json_decref(terms->verdict);
}

int rule_check_size(struct query *query, struct str text) {
    if (text.size == 0 || text.size > RULE_TEXT_LIMIT)
        return problem_set(query->problem, text.size ? PROBLEM_TOO_LONG : PROBLEM_OUT_OF_RANGE,
                           "text", "a policy's text has 1 to %d bytes", RULE_TEXT_LIMIT);
    return 0;
}

/* ---- the verdict ---- */

int rule_vet(struct query *query, struct str file, struct str text, const struct list *libraries,
             struct str parameters, json_t **ret_verdict) {
    struct buf verdict = {0};
    struct policy_source source = {.file = file.size ? file : STR("policy.lua"),
                                   .text = text,
                                   .n_libraries = libraries->n,
                                   .libraries = libraries->items,
                                   .parameters = parameters};
    int r = policy_vet(&query->services->vet, &source, &verdict);
    *ret_verdict = r >= 0 ? query_json(&verdict) : NULL;
    buf_deinit(&verdict);
    if (r < 0)
        return r;
    return *ret_verdict ? 0 : error_note(-EBADMSG, "the verdict of a check is not JSON");
}

int rule_terms_vet(struct rule_terms *terms) {
    json_decref(terms->verdict);
    int r = rule_vet(terms->query, terms->file, terms->text, &terms->libraries, terms->parameters,
                     &terms->verdict);
    if (r != 0)
        return r;
    terms->policy = member_str(terms->verdict, "policy");
    terms->kind = member_str(terms->verdict, "kind");
    return 0;
}

/* The first case that fails, as one line, or NULL. */
static const char *first_failing_case(const struct rule_terms *terms) {
    size_t i;
    json_t *test;
    json_array_foreach(json_object_get(terms->verdict, "cases"), i, test) {
        struct str name = member_str(test, "name"), message = member_str(test, "message");
        if (!json_is_true(json_object_get(test, "ok")))
            return arena_printf(terms->query->arena, "case %.*s: %.*s", STR_ARG(name),
                                STR_ARG(message))
                .data;
    }
    return NULL;
}

/* The first thing that is wrong, as one line: a place in the text, else a case that fails. */
static const char *first_complaint(const struct rule_terms *terms) {
    struct str message = STR_NONE;
    size_t i;
    json_t *complaint;
    json_array_foreach(json_object_get(terms->verdict, "complaints"), i, complaint) {
        if (str_equal(member_str(complaint, "severity"), STR("warning")))
            continue;
        json_int_t line = json_integer_value(json_object_get(complaint, "line"));
        message = member_str(complaint, "message");
        if (line > 0)
            return arena_printf(terms->query->arena, "line %lld: %.*s", (long long)line,
                                STR_ARG(message))
                .data;
        break;
    }
    const char *failing = first_failing_case(terms);
    if (failing)
        return failing;
    return message.size ? message.data : "the check did not pass";
}

int rule_terms_judge(struct rule_terms *terms) {
    struct query *query = terms->query;
    int r = rule_check_size(query, terms->text);
    if (r == 0)
        r = rule_terms_vet(terms);
    if (r != 0)
        return r;
    if (json_is_true(json_object_get(terms->verdict, "ok")) && terms->policy.size &&
        terms->kind.size)
        return 0;
    query->error_data = json_pack("{s:O}", "verdict", terms->verdict);
    return problem_set(query->problem, PROBLEM_POLICY_REFUSED, "text", "%s",
                       first_complaint(terms));
}

/* ---- where and from when ---- */

int rule_scope(struct query *query, struct str scope, uint32_t *ret_number, struct str *ret_code) {
    *ret_number = 0;
    *ret_code = STR_NONE;
    if (!scope.data)
        return 0;
    int r = thing_find(query->view, NOUN_REGION, scope, ret_number);
    if (r == 0) /* by the code it has now, as the other revisions are shown */
        r = thing_id(query->view, NOUN_REGION, *ret_number, query->arena, ret_code);
    return r > 0 ? query_unknown(query, NOUN_REGION, "scope", scope) : r;
}

/* The file's own scope, or the one asked for; both must mean the same region. */
static int choose_scope(struct rule_terms *terms) {
    struct query *query = terms->query;
    struct str own = member_str(terms->verdict, "scope"), asked = query_text(query, "scope");
    if (own.data && asked.data && !str_equal(own, asked))
        return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "scope",
                           "the text says scope %.*s; change it there, or leave the parameter out",
                           STR_ARG(own));
    return rule_scope(query, asked.data ? asked : own, &terms->scope_number, &terms->scope);
}

/* Today: by the events' clock or by the system's, which is ahead of the last event. */
static int32_t effective_today(const struct query *query, int32_t by_events) {
    const struct io *io = query->services->io;
    int32_t now = zone_date(&query->city.zone, io->now_us(io->self));
    return query->services->clock_from_events || now < by_events ? by_events : now;
}

/* What the kind decided must be something that can be decided anew. */
static int check_retroactivity(const struct rule_terms *terms) {
    if (terms->retroactivity == RETROACTIVITY_FROM_NOW)
        return 0;
    for (size_t i = 0; i < POLICY_KIND_COUNT; i++)
        if (str_equal(terms->kind, str_from(POLICY_KIND_choices.words[i])) &&
            !policy_kind_may_be_retroactive((enum POLICY_KIND_choice)i))
            return problem_set(terms->query->problem, PROBLEM_OUT_OF_RANGE, "retroactivity",
                               "what a policy of kind %.*s decided stays as it was decided: only "
                               "from_now makes sense",
                               STR_ARG(terms->kind));
    return 0;
}

static int choose_dates(struct rule_terms *terms) {
    struct query *query = terms->query;
    char today[16];
    size_t size = date_format(effective_today(query, terms->rules.today), today);
    int r = query_choice(query, "retroactivity", &RETROACTIVITY_choices, &terms->retroactivity);
    if (r == 0 && terms->retroactivity < 0)
        terms->retroactivity = RETROACTIVITY_FROM_NOW;
    if (!terms->effective.data)
        terms->effective = query_text(query, "effective");
    if (!terms->effective.data)
        terms->effective = arena_copy(query->arena, (struct str){today, size});
    return r == 0 ? check_retroactivity(terms) : r;
}

int rule_terms_place(struct rule_terms *terms) {
    int r = choose_dates(terms);
    if (r == 0)
        r = choose_scope(terms);
    if (r == 0)
        terms->last = rules_newest(&terms->rules, terms->policy, terms->scope_number);
    return r;
}

/* ---- what stands in the event ---- */

static void set_str(json_t *data, const char *name, struct str text) {
    if (text.data)
        json_object_set_new(data, name, json_from_str(text));
}

/* What the check said that stands in the event: who reads the journal sees that it passed. */
static json_t *checks_of(const struct rule_terms *terms) {
    size_t i, n_warnings = 0;
    json_t *complaint;
    json_array_foreach(json_object_get(terms->verdict, "complaints"), i, complaint) n_warnings +=
        str_equal(member_str(complaint, "severity"), STR("warning"));
    json_t *checks =
        json_pack("{s:I, s:I}", "cases",
                  (json_int_t)json_array_size(json_object_get(terms->verdict, "cases")), "warnings",
                  (json_int_t)n_warnings);
    json_t *coverage = json_object_get(terms->verdict, "coverage");
    if (json_is_object(coverage))
        json_object_set_new(checks, "coverage",
                            json_pack("{s:O, s:O}", "lines", json_object_get(coverage, "lines"),
                                      "run", json_object_get(coverage, "run")));
    return checks;
}

static json_t *libraries_of(const struct rule_terms *terms) {
    const struct library *libraries = terms->libraries.items;
    json_t *list = json_array();
    for (size_t i = 0; i < terms->libraries.n; i++)
        json_array_append_new(list,
                              json_pack("{s:o, s:o}", "name", json_from_str(libraries[i].name),
                                        "text", json_from_str(libraries[i].text)));
    return list;
}

/* The text that is stored says of itself which revision it is, so that a file written from it is
 * known to be based on that. */
static struct str stored_text(const struct rule_terms *terms, struct str revision) {
    struct buf out __attribute__((cleanup(buf_deinit))) = {0};
    if (rewrite_based_on(terms->text, revision, &out) != 0 || out.size > RULE_TEXT_LIMIT)
        return terms->text;
    return arena_copy(terms->query->arena, buf_str(&out));
}

/* ---- the comparison ---- */

static void digest_of(const struct rule_terms *terms, char ret_digest[static DRAFT_DIGEST_TEXT]) {
    struct policy_draft draft = {.text = terms->text,
                                 .n_libraries = terms->libraries.n,
                                 .libraries = terms->libraries.items};
    char *sorted = NULL;
    if (terms->parameters.size) {
        json_t *sets = json_loadb(terms->parameters.data, terms->parameters.size, 0, NULL);
        sorted = json_dumps(sets, JSON_COMPACT | JSON_SORT_KEYS);
        json_decref(sets);
        draft.parameters = str_from(sorted);
    }
    policy_draft_digest(&draft, ret_digest);
    free(sorted);
}

/* What the job `diff` found, if it was about the same text and parameters. */
static int find_diff(const struct rule_terms *terms, json_t **ret_summary) {
    struct query *query = terms->query;
    struct str id = query_text(query, "diff");
    char digest[DRAFT_DIGEST_TEXT];
    *ret_summary = NULL;
    if (!id.data)
        return 0;
    json_t *job = job_show_named(query->services->jobs, id);
    json_t *summary = json_object_get(json_object_get(job, "result"), "summary");
    digest_of(terms, digest);
    if (str_equal(member_str(summary, "digest"), str_from(digest)))
        *ret_summary = json_incref(summary);
    json_decref(job);
    if (*ret_summary)
        return 0;
    return problem_set(query->problem, PROBLEM_WRONG_STATE, "diff",
                       "%.*s is no comparison of this text and these parameters that came to its "
                       "end; policy diff makes one",
                       STR_ARG(id));
}

/* ---- the event ---- */

static json_t *event_data(const struct rule_terms *terms, struct str revision) {
    struct query *query = terms->query;
    json_t *verdict = terms->verdict;
    json_t *data = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o}", "policy", json_from_str(terms->policy), "kind",
        json_from_str(terms->kind), "revision", json_from_str(revision), "text",
        json_from_str(stored_text(terms, revision)), "effective", json_from_str(terms->effective),
        "retroactivity", RETROACTIVITY_choices.words[terms->retroactivity], "by",
        json_from_str(query->actor), "checks", checks_of(terms));
    set_str(data, "scope", terms->scope);
    set_str(data, "document", query_text(query, "document"));
    set_str(data, "restores", terms->restores);
    set_str(data, "based_on", terms->last ? terms->last->data.revision : STR_NONE);
    set_str(data, "schedule", member_str(verdict, "schedule"));
    if (terms->parameters.size)
        json_object_set_new(data, "parameters",
                            json_loadb(terms->parameters.data, terms->parameters.size, 0, NULL));
    if (json_array_size(json_object_get(verdict, "parameters")) > 0)
        json_object_set(data, "sets", json_object_get(verdict, "parameters"));
    if (query_boolean(query, "withdraw", false))
        json_object_set_new(data, "withdraw", json_true());
    if (terms->libraries.n)
        json_object_set_new(data, "library", libraries_of(terms));
    return data;
}

static struct str file_text(const struct rule_terms *terms, struct str revision) {
    struct arena *arena = terms->query->arena;
    struct policy_revision as = {.data = {.text = stored_text(terms, revision),
                                          .revision = revision,
                                          .parameters = terms->parameters}};
    json_t *dates = json_object_get(terms->verdict, "parameters"), *date;
    struct str *sets = arena_alloc(arena, (json_array_size(dates) + 1) * sizeof *sets);
    size_t i;
    json_array_foreach(dates, i, date) sets[i] = str_from(json_string_value(date));
    as.data.sets = (struct list){json_array_size(dates), sets};
    if (terms->parameters.size)
        GIVE(&as.data, policy_activated, parameters);
    return rule_file_text(arena, &as);
}

int rule_terms_put(struct rule_terms *terms, json_t **ret_result) {
    struct query *query = terms->query;
    bool proposes = query->services->signers.n > 0;
    struct str revision = policy_next_revision(query->view, terms->policy, query->arena);
    json_t *diff, *stored = NULL;
    int r = find_diff(terms, &diff);
    if (r != 0)
        return r;
    json_t *data = event_data(terms, revision);
    if (diff)
        json_object_set_new(data, "diff", diff);
    r = query_command(query, proposes ? "policy.proposed" : "policy.activated", data, &stored);
    if (r == 0)
        *ret_result =
            json_pack("{s:o, s:O, s:o, s:s, s:o}", "revision", json_from_str(revision), "sequence",
                      json_object_get(stored, "sequence"), "effective",
                      json_from_str(terms->effective), "state", proposes ? "proposed" : "activated",
                      "text", json_from_str(file_text(terms, revision)));
    if (r == 0 && proposes) {
        char digest[TERMS_DIGEST_TEXT_BYTES];
        terms_digest(data, digest);
        json_object_set_new(*ret_result, "digest", json_string(digest));
    }
    json_decref(stored);
    json_decref(data);
    return r;
}
