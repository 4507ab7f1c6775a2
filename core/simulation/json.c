#include "simulation/json.h"

json_t *diff_json_text(struct str text) {
    return text.data ? json_stringn(text.data, text.size) : json_null();
}

json_t *diff_json_date(int32_t date) {
    char text[16];
    return json_stringn(text, date_format(date, text));
}

json_t *diff_json_id(struct diff_worker *worker, enum noun noun, uint32_t number) {
    struct str id;
    if (!number || thing_id(worker->view, noun, number, &worker->arena, &id) != 0)
        return json_null();
    return diff_json_text(id);
}

json_t *diff_json_region(struct diff_worker *worker, uint32_t region) {
    struct region_defined attributes;
    json_t *object = json_pack("{s:o}", "region", diff_json_id(worker, NOUN_REGION, region));
    if (region && region_attributes(worker->view, region, &worker->arena, &attributes) == 0)
        json_object_set_new(object, "name", diff_json_text(attributes.name));
    return object;
}

static json_t *scalar_json(const struct scalar *scalar) {
    if (scalar->kind == SCALAR_TEXT)
        return diff_json_text(scalar->text);
    return scalar->kind == SCALAR_BOOLEAN ? json_boolean(scalar->integer)
                                          : json_integer(scalar->integer);
}

json_t *diff_json_findings(struct diff_worker *worker, enum side side,
                           const struct answer *answer) {
    const struct finding *findings = answer->findings.items;
    json_t *list = json_array();
    for (size_t i = 0; i < answer->findings.n; i++) {
        struct str text = policy_finding_text(worker->hosts[side], answer->revision, &findings[i],
                                              &worker->arena);
        json_t *object = json_pack("{s:o, s:o}", "code", diff_json_text(findings[i].code), "text",
                                   diff_json_text(text));
        if (HAS(&findings[i], finding, value))
            json_object_set_new(object, "value", scalar_json(&findings[i].value));
        if (HAS(&findings[i], finding, needed))
            json_object_set_new(object, "needed", scalar_json(&findings[i].needed));
        json_array_append_new(list, object);
    }
    return list;
}
