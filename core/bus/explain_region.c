/* `explain` of a region: how it stands by each indicator and since when, what the rules found,
 * which facts they read, and who reported the figures. */
#include "bus/explain.h"
#include "bus/methods_common.h"
#include "bus/methods_decisions.h"
#include "domain/assessments.h"
#include "domain/figures.h"
#include "policy/facts.h"

/* ---- figures ---- */

/* Who sent it: the source of its event, where that is not archived. */
static int put_source(struct query *query, uint64_t sequence, json_t *object) {
    struct journal_reader *reader = NULL;
    struct event event;
    struct str record;
    uint64_t found = 0;
    int r = journal_reader_open(query->services->journal, sequence - 1, &reader);
    if (r == 0)
        r = journal_reader_next(reader, &record, &found);
    if (r == 0 && found == sequence && event_decode(record, query->arena, &event) == 0)
        json_object_set_new(object, "source", json_from_str(event.source));
    else
        json_object_set_new(object, "source", json_null());
    journal_reader_close(reader);
    return r < 0 ? r : 0;
}

static int figures_json(struct query *query, uint32_t region, const struct query_day *day,
                        json_t **ret_list) {
    json_t *list = json_array();
    int r = 0;
    *ret_list = list;
    for (unsigned i = 0; r >= 0 && i < FIGURE_COUNT; i++) {
        struct figure figure;
        r = figure_get(query->view, (enum FIGURE_choice)i, NOUN_REGION, region, day->as_of, day->at,
                       &figure);
        if (r != 0)
            continue;
        json_t *item = json_pack(
            "{s:s, s:I, s:o, s:o, s:o, s:I}", "figure", FIGURE_choices.words[i], "value",
            (json_int_t)figure.value, "as_of", json_from_date(figure.as_of, INT32_MIN), "origin",
            json_from_str(figure.origin), "recorded_on",
            json_from_date(figure.recorded_on, INT32_MIN), "sequence", (json_int_t)figure.sequence);
        if (figure.by.size)
            json_object_set_new(item, "by", json_from_str(figure.by));
        json_array_append_new(list, item);
        r = put_source(query, figure.sequence, item);
    }
    return r < 0 ? r : 0;
}

/* ---- indicators ---- */

/* Since when it stands so, and the decision that said it; of today alone. */
static int put_since(struct query *query, uint32_t region, json_t *indicator) {
    struct str id = str_from(json_string_value(json_object_get(indicator, "id")));
    const char *state = json_string_value(json_object_get(indicator, "state"));
    struct assessment known;
    int r = assessment_get(query->view, NOUN_REGION, region, id, &known);
    bool same = r == 0 && state && str_equal(known.state, str_from(state));
    json_object_set_new(indicator, "since",
                        same ? json_from_date(known.since, INT32_MIN) : json_null());
    json_object_set_new(indicator, "decision",
                        same ? json_integer((json_int_t)known.sequence) : json_null());
    return r < 0 ? r : 0;
}

static json_t *facts_json(struct str facts) {
    struct buf text = {0};
    facts_to_json(facts, &text);
    json_t *json = query_json(&text);
    buf_deinit(&text);
    return json ? json : json_null();
}

static int policy_json(struct query *query, uint32_t region, const struct query_day *day,
                       const struct answer *assessed, json_t **ret_object) {
    const struct answer *answer = assessed;
    json_t *object = json_pack("{s:o, s:o}", "policy", json_from_str(assessed->policy), "rule",
                               explain_rule(query, answer->revision, day->as_of));
    *ret_object = object;
    if (answer->failed) {
        json_object_set_new(object, "failure", json_from_str(answer->failure));
        return 0;
    }
    json_t *indicators = json_loadb(answer->json.data, answer->json.size, 0, NULL), *indicator;
    size_t i;
    int r = 0;
    json_object_set_new(object, "indicators", indicators ? indicators : json_array());
    json_array_foreach(indicators, i, indicator) {
        if (r == 0 && day->at == COUNTER_NOW)
            r = put_since(query, region, indicator);
    }
    json_object_set_new(
        object, "findings",
        json_from_findings(query, answer->revision, &answer->findings, query->arena));
    json_object_set_new(object, "facts", facts_json(answer->facts));
    return r;
}

/* explain_rule renews the host's answers no more than a finding's words do: what is borrowed from
 * the host until its next sync stays. */
static int policies_json(struct query *query, uint32_t region, const struct query_day *day,
                         json_t **ret_list) {
    struct answer *answers;
    json_t *list = json_array();
    size_t n = 0;
    *ret_list = list;
    int r = policy_assess(query->host, query->view, &query->city, NOUN_REGION, region, day->as_of,
                          day->at, CAUSE_ON_DEMAND, STR_NONE, query->arena, &answers, &n);
    for (size_t i = 0; r == 0 && i < n; i++) {
        json_t *object;
        r = policy_json(query, region, day, &answers[i], &object);
        json_array_append_new(list, object);
    }
    return r;
}

int explain_region(struct query *query, json_t **ret_result) {
    json_t *policies = NULL, *figures = NULL;
    struct query_day day;
    uint32_t region;
    int r = query_noun(query, NOUN_REGION, "region", &region);
    if (r == 0)
        r = query_as_of(query, &day);
    if (r == 0)
        r = policies_json(query, region, &day, &policies);
    if (r == 0)
        r = figures_json(query, region, &day, &figures);
    if (r == 0)
        *ret_result = json_pack("{s:o, s:o, s:O, s:O}", "region",
                                json_from_subject(query, NOUN_REGION, region, query->arena),
                                "as_of", json_from_date(day.as_of, INT32_MIN), "policies", policies,
                                "figures", figures);
    json_decref(policies);
    json_decref(figures);
    return r;
}
