/* assessment.get: how a region or an organisation stands by every assessment policy in force, asked
 * now, for today or a past day. assessment.list: how each indicator stood when it was assessed
 * last. */
#include "bus/methods.h"
#include "bus/methods_decisions.h"
#include "bus/methods_subject.h"
#include "domain/assessments.h"

#define ASSESSED_SUBJECTS (1U << SUBJECT_KIND_REGION | 1U << SUBJECT_KIND_ORGANISATION)

json_t *json_from_alerts(const struct list *alerts) {
    const struct answer_alert *items = alerts->items;
    json_t *list = json_array();
    for (size_t i = 0; i < alerts->n; i++)
        json_array_append_new(
            list, json_pack("{s:o, s:s, s:o, s:o}", "code", json_from_str(items[i].code),
                            "severity", ALERT_SEVERITY_choices.words[items[i].severity], "text",
                            json_from_str(items[i].text), "help", json_from_str(items[i].help)));
    return list;
}

static json_t *answer_json(struct query *query, const struct answer *assessed) {
    const struct answer *answer = assessed;
    json_t *object = json_pack("{s:o, s:o}", "policy", json_from_str(assessed->policy), "revision",
                               json_from_str(answer->revision));
    if (answer->failed) {
        json_object_set_new(object, "failure", json_from_str(answer->failure));
        return object;
    }
    json_object_set_new(object, "indicators",
                        json_loadb(answer->json.data, answer->json.size, 0, NULL));
    json_object_set_new(object, "alerts", json_from_alerts(&answer->alerts));
    json_object_set_new(
        object, "findings",
        json_from_findings(query, answer->revision, &answer->findings, query->arena));
    return object;
}

/* By `assessment`, as other nouns go by their id (region/620502000000), or by `subject`. */
static int subject_asked(struct query *query, enum noun *ret_noun, uint32_t *ret_number) {
    if (query_text(query, "assessment").data)
        return query_subject_id(query, "assessment", ASSESSED_SUBJECTS, ret_noun, ret_number);
    return query_subject(query, ASSESSED_SUBJECTS, true, ret_noun, ret_number);
}

int query_assessment_get(struct query *query, json_t **ret_result) {
    struct answer *answers;
    struct query_day day;
    enum noun noun;
    uint32_t number;
    size_t n;
    int r = subject_asked(query, &noun, &number);
    if (r == 0)
        r = query_as_of(query, &day);
    if (r == 0)
        r = policy_assess(query->host, query->view, &query->city, noun, number, day.as_of, day.at,
                          CAUSE_ON_DEMAND, STR_NONE, query->arena, &answers, &n);
    if (r != 0)
        return r;
    json_t *policies = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(policies, answer_json(query, &answers[i]));
    *ret_result = json_pack("{s:o, s:o, s:o}", "subject",
                            json_from_subject(query, noun, number, query->arena), "as_of",
                            json_from_date(day.as_of, INT32_MIN), "policies", policies);
    return 0;
}

/* ---- list ---- */

struct state_filter {
    struct subject_filter subject;
    struct str indicator;
    struct str state;
};

static json_t *scalar_json(bool given, const struct scalar *scalar) {
    return given ? json_from_scalar(scalar) : json_null();
}

static int list_state(struct page *page, struct str key, struct str row) {
    struct query *query = page->query;
    const struct state_filter *filter = page->context;
    struct cursor in = cursor_from(key);
    enum noun noun = cursor_byte(&in);
    uint32_t number = cursor_u32_sorted(&in);
    struct str indicator = {in.next, cursor_left(&in)};
    struct assessment assessment;
    bool takes;
    if (in.failed || assessment_decode(row, &assessment) != 0 ||
        (filter->indicator.data && !str_equal(indicator, filter->indicator)) ||
        (filter->state.data && !str_equal(assessment.state, filter->state)))
        return 0;
    int r = subject_takes(query, &filter->subject, noun, number, &page->arena, &takes);
    if (r != 0 || !takes)
        return r;
    json_array_append_new(
        page->items, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "subject",
                               json_from_subject(query, noun, number, &page->arena), "indicator",
                               json_from_str(indicator), "state", json_from_str(assessment.state),
                               "since", json_from_date(assessment.since, INT32_MIN), "value",
                               scalar_json(assessment.has_value, &assessment.value), "target",
                               scalar_json(assessment.has_target, &assessment.target), "sequence",
                               (json_int_t)assessment.sequence));
    return 0;
}

int query_assessment_list(struct query *query, json_t **ret_result) {
    struct state_filter filter = {.indicator = query_text(query, "indicator"),
                                  .state = query_text(query, "state")};
    struct page page;
    int r = page_open(query, &page);
    page.each_row = list_state;
    page.context = &filter;
    if (r == 0)
        r = subject_filter_read(query, ASSESSED_SUBJECTS, &filter.subject);
    if (r == 0)
        r = page_rows(&page, TABLE_ASSESSMENT, STR_NONE);
    return page_close(&page, r, ret_result);
}
