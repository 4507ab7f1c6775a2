/* policy.check and policy.activate: a text is judged in a child process, and what passes is put in
 * force by one event. */
#include "bus/methods.h"
#include "bus/methods_common.h"
#include "bus/methods_rules.h"
#include "util/error.h"

static int check_size(struct query *query, struct str text) {
    if (text.size == 0 || text.size > RULE_TEXT_LIMIT)
        return problem_set(query->problem, text.size ? PROBLEM_TOO_LONG : PROBLEM_OUT_OF_RANGE,
                           "text", "a policy's text has 1 to %d bytes", RULE_TEXT_LIMIT);
    return 0;
}

/* The child's verdict on the text. */
static int vet(struct query *query, struct str text, const struct list *libraries,
               json_t **ret_verdict) {
    struct str file = query_text(query, "file");
    struct buf verdict = {0};
    struct policy_source source = {.file = file.size ? file : STR("policy.lua"),
                                   .text = text,
                                   .n_libraries = libraries->n,
                                   .libraries = libraries->items};
    int r = policy_vet(&query->services->vet, &source, &verdict);
    if (r >= 0)
        *ret_verdict = query_json(&verdict);
    buf_deinit(&verdict);
    if (r < 0)
        return r;
    return *ret_verdict ? 0 : error_note(-EBADMSG, "the verdict of a check is not JSON");
}

int query_policy_check(struct query *query, json_t **ret_result) {
    struct str text = query_text(query, "text");
    struct list libraries;
    int r = check_size(query, text);
    if (r == 0)
        r = rule_libraries(query, text, &libraries);
    return r == 0 ? vet(query, text, &libraries, ret_result) : r;
}

/* ---- policy.activate ---- */

struct activation {
    struct query *query;
    struct rules rules;
    struct str text;
    struct list libraries;
    json_t *verdict;
    struct str policy; /* borrowed from the verdict */
    struct str kind;
    struct str scope; /* STR_NONE: the city */
    int retroactivity;
    struct str effective;
};

static struct str member_str(const json_t *object, const char *name) {
    return str_from(json_string_value(json_object_get(object, name)));
}

/* The first case that fails, as one line, or NULL. */
static const char *first_failing_case(struct activation *activation) {
    size_t i;
    json_t *test;
    json_array_foreach(json_object_get(activation->verdict, "cases"), i, test) {
        struct str name = member_str(test, "name"), message = member_str(test, "message");
        if (!json_is_true(json_object_get(test, "ok")))
            return arena_printf(activation->query->arena, "case %.*s: %.*s", STR_ARG(name),
                                STR_ARG(message))
                .data;
    }
    return NULL;
}

/* The first thing that is wrong, as one line: a place in the text, else a case that fails. */
static const char *first_complaint(struct activation *activation) {
    json_t *complaint = json_array_get(json_object_get(activation->verdict, "complaints"), 0);
    struct str message = member_str(complaint, "message");
    json_int_t line = json_integer_value(json_object_get(complaint, "line"));
    if (message.size && line > 0)
        return arena_printf(activation->query->arena, "line %lld: %.*s", (long long)line,
                            STR_ARG(message))
            .data;
    const char *failing = first_failing_case(activation);
    if (failing)
        return failing;
    return message.size ? message.data : "the check did not pass";
}

static int judge(struct activation *activation) {
    struct query *query = activation->query;
    int r = check_size(query, activation->text);
    if (r == 0)
        r = rule_libraries(query, activation->text, &activation->libraries);
    if (r == 0)
        r = vet(query, activation->text, &activation->libraries, &activation->verdict);
    if (r != 0)
        return r;
    activation->policy = member_str(activation->verdict, "policy");
    activation->kind = member_str(activation->verdict, "kind");
    if (json_is_true(json_object_get(activation->verdict, "ok")) && activation->policy.size &&
        activation->kind.size)
        return 0;
    query->error_data = json_pack("{s:O}", "verdict", activation->verdict);
    return problem_set(query->problem, PROBLEM_POLICY_REFUSED, "text", "%s",
                       first_complaint(activation));
}

/* The file's own scope, or the one asked for; both must mean the same region. */
static int choose_scope(struct activation *activation) {
    struct query *query = activation->query;
    struct str own = member_str(activation->verdict, "scope"), asked = query_text(query, "scope");
    uint32_t number;
    if (own.data && asked.data && !str_equal(own, asked))
        return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "scope",
                           "the text says scope %.*s; change it there, or leave the parameter out",
                           STR_ARG(own));
    activation->scope = asked.data ? asked : own;
    if (!activation->scope.data)
        return 0;
    int r = thing_find(query->view, NOUN_REGION, activation->scope, &number);
    if (r == 0) /* by the code it has now, as the other revisions are shown */
        r = thing_id(query->view, NOUN_REGION, number, query->arena, &activation->scope);
    return r > 0 ? query_unknown(query, NOUN_REGION, "scope", activation->scope) : r;
}

/* Today: by the events' clock or by the system's, which is ahead of the last event. */
static int32_t effective_today(const struct query *query, int32_t by_events) {
    const struct io *io = query->services->io;
    int32_t now = zone_date(&query->city.zone, io->now_us(io->self));
    return query->services->clock_from_events || now < by_events ? by_events : now;
}

static int choose_dates(struct activation *activation) {
    struct query *query = activation->query;
    char today[16];
    size_t size = date_format(effective_today(query, activation->rules.today), today);
    int r =
        query_choice(query, "retroactivity", &RETROACTIVITY_choices, &activation->retroactivity);
    if (r == 0 && activation->retroactivity < 0)
        activation->retroactivity = RETROACTIVITY_FROM_NOW;
    activation->effective = query_text(query, "effective");
    if (!activation->effective.data)
        activation->effective = arena_copy(query->arena, (struct str){today, size});
    return r;
}

static bool scope_is(const struct activation *activation, const struct policy_revision *revision) {
    struct str scope =
        HAS(&revision->data, policy_activated, scope) ? revision->data.scope : STR_NONE;
    return str_equal(scope, activation->scope);
}

/* The newest activation of this policy for this scope, be its day come or not. */
static const struct policy_revision *newest(const struct activation *activation) {
    for (size_t i = activation->rules.n; i > 0; i--) {
        const struct policy_revision *revision = &activation->rules.items[i - 1];
        if (revision->state != POLICY_SET_ASIDE && scope_is(activation, revision) &&
            str_equal(revision->data.policy, activation->policy))
            return revision;
    }
    return NULL;
}

static int check_news(struct activation *activation) {
    struct problem *problem = activation->query->problem;
    const struct policy_revision *last = newest(activation);
    struct str based_on = member_str(activation->verdict, "based_on");
    /* The same text again makes sense only to judge the past by it. */
    if (last && str_equal(last->data.text, activation->text) &&
        activation->retroactivity == RETROACTIVITY_FROM_NOW)
        return problem_set(problem, PROBLEM_WRONG_STATE, "text",
                           "this text is in force already, as %.*s; nothing would change",
                           STR_ARG(last->data.revision));
    if (last && based_on.data && !str_equal(based_on, last->data.revision))
        return problem_set(problem, PROBLEM_WRONG_STATE, "text",
                           "the text is based on %.*s, but %.*s is newer; take over what changed "
                           "there, then set based_on",
                           STR_ARG(based_on), STR_ARG(last->data.revision));
    return 0;
}

static json_t *event_data(const struct activation *activation, struct str revision) {
    struct query *query = activation->query;
    struct str document = query_text(query, "document");
    const struct library *libraries = activation->libraries.items;
    json_t *data = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:s, s:o}", "policy", json_from_str(activation->policy), "kind",
        json_from_str(activation->kind), "revision", json_from_str(revision), "text",
        json_from_str(activation->text), "effective", json_from_str(activation->effective),
        "retroactivity", RETROACTIVITY_choices.words[activation->retroactivity], "by",
        json_from_str(query->actor));
    if (activation->scope.data)
        json_object_set_new(data, "scope", json_from_str(activation->scope));
    if (document.data)
        json_object_set_new(data, "document", json_from_str(document));
    if (member_str(activation->verdict, "schedule").data)
        json_object_set(data, "schedule", json_object_get(activation->verdict, "schedule"));
    if (json_array_size(json_object_get(activation->verdict, "parameters")) > 0)
        json_object_set(data, "sets", json_object_get(activation->verdict, "parameters"));
    if (member_str(activation->verdict, "based_on").data)
        json_object_set(data, "based_on", json_object_get(activation->verdict, "based_on"));
    json_t *list = activation->libraries.n ? json_array() : NULL;
    for (size_t i = 0; i < activation->libraries.n; i++)
        json_array_append_new(list,
                              json_pack("{s:o, s:o}", "name", json_from_str(libraries[i].name),
                                        "text", json_from_str(libraries[i].text)));
    if (list)
        json_object_set_new(data, "library", list);
    return data;
}

static int put_in_force(struct activation *activation, json_t **ret_result) {
    struct query *query = activation->query;
    struct str revision = policy_next_revision(query->view, activation->policy, query->arena);
    json_t *data = event_data(activation, revision), *stored = NULL;
    int r = query_command(query, "policy.activated", data, &stored);
    if (r == 0)
        *ret_result = json_pack("{s:o, s:O, s:o}", "revision", json_from_str(revision), "sequence",
                                json_object_get(stored, "sequence"), "effective",
                                json_from_str(activation->effective));
    json_decref(stored);
    json_decref(data);
    return r;
}

int query_policy_activate(struct query *query, json_t **ret_result) {
    struct activation activation = {.query = query, .text = query_text(query, "text")};
    int r = rules_load(query, &activation.rules);
    if (r == 0)
        r = choose_dates(&activation);
    if (r == 0)
        r = judge(&activation);
    if (r == 0)
        r = choose_scope(&activation);
    if (r == 0)
        r = check_news(&activation);
    if (r == 0)
        r = put_in_force(&activation, ret_result);
    json_decref(activation.verdict);
    return r;
}
