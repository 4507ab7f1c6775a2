/* assessment.get: how a region or an organisation stands by every assessment policy in force, asked
 * now, for today or a past day. */
#include "bus/methods.h"
#include "bus/methods_decisions.h"
#include "bus/methods_subject.h"

#define ASSESSED_SUBJECTS (1U << SUBJECT_KIND_REGION | 1U << SUBJECT_KIND_ORGANISATION)

static json_t *answer_json(struct query *query, const struct assessment_answer *assessed) {
    const struct answer *answer = &assessed->answer;
    json_t *object = json_pack("{s:o, s:o}", "policy", json_from_str(assessed->policy), "revision",
                               json_from_str(answer->revision));
    if (answer->failed) {
        json_object_set_new(object, "failure", json_from_str(answer->failure));
        return object;
    }
    json_object_set_new(object, "indicators",
                        json_loadb(answer->json.data, answer->json.size, 0, NULL));
    json_object_set_new(
        object, "findings",
        json_from_findings(query, answer->revision, &answer->findings, query->arena));
    return object;
}

int query_assessment_get(struct query *query, json_t **ret_result) {
    struct assessment_answer *answers;
    struct query_day day;
    enum noun noun;
    uint32_t number;
    size_t n;
    int r = query_subject(query, ASSESSED_SUBJECTS, true, &noun, &number);
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
