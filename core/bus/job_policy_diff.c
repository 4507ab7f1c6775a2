#include "bus/job_policy_diff.h"

#include <stdlib.h>
#include <unistd.h>

#include "bus/methods_common.h"
#include "bus/parameters.h"
#include "bus/rule_terms.h"
#include "simulation/diff.h"

#define EXAMPLES 20
#define PERIOD_DAYS 365
#define PARAMETERS_LIMIT 65536

/* Its parameters are checked as a method's. */
static const struct method diff_parameters = {
    .name = "policy.diff",
    .parameters = {{"text", PARAMETER_TEXT, false},
                   {"file", PARAMETER_TEXT, false},
                   {"policy", PARAMETER_TEXT, false},
                   {"parameters", PARAMETER_OBJECT, false},
                   {"scope", PARAMETER_TEXT, false},
                   {"as_of", PARAMETER_DATE, false},
                   {"from", PARAMETER_DATE, false},
                   {"to", PARAMETER_DATE, false},
                   {"examples", PARAMETER_INTEGER, false}}};

struct request {
    struct query query; /* whose parameters are the job's */
    struct rules rules;
    struct str text;
    struct list libraries;
    json_t *verdict; /* of the check */
    struct str policy;
    int kind;
    uint32_t scope;       /* whom */
    uint32_t draft_scope; /* the draft's place */
    json_t *parameters;   /* by date */
    int32_t as_of;
    int32_t from;
    int32_t to;
    int64_t examples;
};

static struct str member_str(const json_t *object, const char *name) {
    return str_from(json_string_value(json_object_get(object, name)));
}

/* ---- the text that was sent ---- */

/* What is wrong with the text itself, or NULL: a case that fails and what is only warned of keep
 * nobody from comparing. */
static const json_t *first_complaint(const json_t *verdict) {
    const json_t *list = json_object_get(verdict, "complaints");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *complaint = json_array_get(list, i);
        if (!str_equal(member_str(complaint, "code"), STR("case_failed")) &&
            !str_equal(member_str(complaint, "severity"), STR("warning")))
            return complaint;
    }
    return NULL;
}

static int refuse_text(struct request *request, const char *field) {
    struct query *query = &request->query;
    const json_t *complaint = first_complaint(request->verdict);
    const char *message = json_string_value(json_object_get(complaint, "message"));
    json_int_t line = json_integer_value(json_object_get(complaint, "line"));
    query->error_data = json_pack("{s:O}", "verdict", request->verdict);
    if (line > 0)
        return problem_set(query->problem, PROBLEM_POLICY_REFUSED, field, "line %lld: %s",
                           (long long)line, message ? message : "it does not pass the check");
    return problem_set(query->problem, PROBLEM_POLICY_REFUSED, field, "%s",
                       message ? message : "the text does not pass the check");
}

static int vet_text(struct request *request) {
    struct query *query = &request->query;
    char *parameters = request->parameters ? json_dumps(request->parameters, JSON_COMPACT) : NULL;
    int r = rule_vet(query, query_text(query, "file"), request->text, &request->libraries,
                     str_from(parameters), &request->verdict);
    free(parameters);
    return r;
}

static int find_kind(struct str word) {
    for (size_t i = 0; word.data && i < POLICY_KIND_choices.n; i++)
        if (str_equal(word, str_from(POLICY_KIND_choices.words[i])))
            return (int)i;
    return -1;
}

static int region_named(struct request *request, struct str code, const char *field,
                        uint32_t *ret_number) {
    int r = thing_find(request->query.view, NOUN_REGION, code, ret_number);
    return r > 0 ? query_unknown(&request->query, NOUN_REGION, field, code) : r;
}

static int take_text(struct request *request) {
    struct query *query = &request->query;
    int r = rule_check_size(query, request->text);
    if (r == 0)
        r = rule_libraries(query, request->text, &request->libraries);
    if (r == 0)
        r = vet_text(request);
    if (r != 0)
        return r;
    request->policy = member_str(request->verdict, "policy");
    request->kind = find_kind(member_str(request->verdict, "kind"));
    if (first_complaint(request->verdict) || !request->policy.size || request->kind < 0)
        return refuse_text(request, "text");
    struct str own = member_str(request->verdict, "scope");
    request->draft_scope = request->scope;
    return own.data ? region_named(request, own, "text", &request->draft_scope) : 0;
}

/* ---- or what is in force, with other parameters ---- */

static const struct policy_revision *in_force(const struct request *request, struct str policy) {
    for (size_t i = request->rules.n; i > 0; i--) {
        const struct policy_revision *revision = &request->rules.items[i - 1];
        if (str_equal(revision->data.policy, policy) && revision->scope == request->scope &&
            rule_state(&request->rules, revision) == RULE_IN_FORCE)
            return revision;
    }
    return rules_in_force(&request->rules, policy);
}

/* What is in force has parameters of its own laid over its text: the new ones are laid over these,
 * member by member. */
static void lay_parameters(struct request *request, struct str own) {
    const char *date;
    json_t *set, *all = own.size ? json_loadb(own.data, own.size, 0, NULL) : json_object();
    json_object_foreach(request->parameters, date, set) {
        json_t *before = json_object_get(all, date);
        if (json_is_object(before) && json_is_object(set))
            json_object_update(before, set);
        else
            json_object_set(all, date, set);
    }
    json_decref(request->parameters);
    request->parameters = all;
}

static int take_in_force(struct request *request) {
    struct query *query = &request->query;
    struct str policy = query_text(query, "policy");
    if (!policy.data)
        return problem_set(query->problem, PROBLEM_MISSING_FIELD, "text",
                           "give the text of a draft, or name the policy whose parameters change");
    if (!request->parameters)
        return problem_set(query->problem, PROBLEM_MISSING_FIELD, "parameters",
                           "without a text the parameters that change are needed, by date");
    const struct policy_revision *revision = in_force(request, policy);
    if (!revision)
        return query_unknown(query, NOUN_POLICY, "policy", policy);
    request->policy = revision->data.policy;
    request->kind = revision->data.kind;
    request->text = revision->data.text;
    request->libraries = revision->data.library;
    request->draft_scope = revision->scope;
    lay_parameters(request, HAS(&revision->data, policy_activated, parameters)
                                ? revision->data.parameters
                                : STR_NONE);
    int r = vet_text(request);
    return r == 0 && first_complaint(request->verdict) ? refuse_text(request, "parameters") : r;
}

/* ---- dates ---- */

static int check_parameters(struct request *request, int32_t *ret_latest) {
    const char *key;
    json_t *set;
    *ret_latest = INT32_MIN;
    json_object_foreach(request->parameters, key, set) {
        int32_t date;
        if (date_parse(str_from(key), &date) != 0 || !json_is_object(set))
            return problem_set(request->query.problem, PROBLEM_WRONG_TYPE, "parameters",
                               "parameters are objects by date: {\"2027-01-01\": {\"hours\": [100, "
                               "300]}}; %.40s is none",
                               key);
        *ret_latest = date > *ret_latest ? date : *ret_latest;
    }
    return 0;
}

/* Where nothing is said, the day from which on the newest of the new parameters hold, if that is to
 * come; else today. Records: the year before it. */
static int choose_dates(struct request *request, int32_t latest) {
    struct query *query = &request->query;
    int32_t today = request->rules.today;
    request->as_of = query_date(query, "as_of", latest > today ? latest : today);
    request->to = query_date(query, "to", request->as_of);
    request->from = query_date(query, "from", request->to - PERIOD_DAYS + 1);
    if (request->from > request->to)
        return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "from",
                           "the period ends before it begins");
    if (!policy_diff_of_records((enum POLICY_KIND_choice)request->kind) &&
        (query_text(query, "from").data || query_text(query, "to").data))
        return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "from",
                           "from and to choose records; a policy of kind %s is asked about "
                           "everyone as of a day: as_of",
                           POLICY_KIND_choices.words[request->kind]);
    return 0;
}

/* ---- the request ---- */

static json_t *draft_json(const struct request *request) {
    const struct library *libraries = request->libraries.items;
    json_t *list = json_array();
    for (size_t i = 0; i < request->libraries.n; i++)
        json_array_append_new(list,
                              json_pack("{s:o, s:o}", "name", json_from_str(libraries[i].name),
                                        "text", json_from_str(libraries[i].text)));
    json_t *draft = json_pack("{s:o, s:i, s:I, s:o, s:o}", "policy", json_from_str(request->policy),
                              "kind", request->kind, "scope", (json_int_t)request->draft_scope,
                              "text", json_from_str(request->text), "libraries", list);
    if (request->parameters)
        json_object_set(draft, "parameters", request->parameters);
    json_object_set(draft, "title", json_object_get(request->verdict, "title"));
    json_object_set_new(
        draft, "scheduled",
        json_boolean(json_is_string(json_object_get(request->verdict, "schedule"))));
    return draft;
}

static void write_out(const struct request *request, struct buf *out) {
    const struct policy_limits *limits = &request->query.services->policy_limits;
    json_t *json = json_pack(
        "{s:o, s:I, s:i, s:i, s:i, s:I, s:I, s:I, s:I, s:I}", "draft", draft_json(request), "scope",
        (json_int_t)request->scope, "as_of", request->as_of, "from", request->from, "to",
        request->to, "examples", (json_int_t)request->examples, "instructions",
        (json_int_t)limits->instructions, "memory_bytes", (json_int_t)limits->memory_bytes,
        "result_bytes", (json_int_t)limits->result_bytes, "threads",
        (json_int_t)sysconf(_SC_NPROCESSORS_ONLN));
    char *text = json_dumps(json, JSON_COMPACT);
    buf_put_str(out, str_from(text));
    free(text);
    json_decref(json);
}

static int check_kind(struct request *request) {
    const char *excuse = policy_diff_excuse((enum POLICY_KIND_choice)request->kind);
    return excuse ? problem_set(request->query.problem, PROBLEM_OUT_OF_RANGE, "text", "%s", excuse)
                  : 0;
}

static int read_request(struct request *request) {
    struct query *query = &request->query;
    int32_t latest;
    int r = parameters_check(&diff_parameters, query->params, query->problem);
    if (r == 0)
        r = rules_load(query, &request->rules);
    if (r == 0)
        r = query_noun(query, NOUN_REGION, "scope", &request->scope);
    if (r == 0)
        r = query_range(query, "examples", (struct range){0, DIFF_EXAMPLES_LIMIT}, EXAMPLES,
                        &request->examples);
    request->text = query_text(query, "text");
    request->parameters = json_incref(json_object_get(query->params, "parameters"));
    if (r == 0)
        r = check_parameters(request, &latest);
    if (r == 0)
        r = request->text.data ? take_text(request) : take_in_force(request);
    if (r == 0)
        r = check_kind(request);
    return r == 0 ? choose_dates(request, latest) : r;
}

int job_policy_diff_request(struct query *query, struct buf *out) {
    struct request request = {.query = *query};
    json_t *none = json_object(), *given = json_object_get(query->params, "parameters");
    request.query.params = given ? given : none;
    int r = read_request(&request);
    if (r == 0)
        write_out(&request, out);
    query->error_data = request.query.error_data;
    json_decref(request.parameters);
    json_decref(request.verdict);
    json_decref(none);
    return r;
}
