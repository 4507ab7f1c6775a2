#include "acknowledgement.h"

static void result_read(struct dom_value object, struct result *ret_result) {
    *ret_result = (struct result){0};
    const struct {
        struct str name;
        struct str *text;
    } texts[] = {{STR("id"), &ret_result->id},
                 {STR("status"), &ret_result->status},
                 {STR("code"), &ret_result->code},
                 {STR("field"), &ret_result->field},
                 {STR("message"), &ret_result->message}};
    if (dom_type(object) != DOM_OBJECT)
        return;
    struct dom_iterator members = dom_members(object);
    struct str name;
    struct dom_value value;
    while (dom_next_member(&members, &name, &value)) {
        enum dom_type type = dom_type(value);
        for (size_t i = 0; i < sizeof texts / sizeof *texts && type == DOM_STRING; i++)
            if (str_equal(texts[i].name, name))
                *texts[i].text = dom_string(value);
        if (type == DOM_INTEGER && str_equal(name, STR("sequence")))
            ret_result->sequence = (uint64_t)dom_integer(value);
        if (type == DOM_ARRAY && str_equal(name, STR("decisions")))
            ret_result->n_decisions = dom_count(value);
        if (type == DOM_BOOLEAN && str_equal(name, STR("retryable")))
            ret_result->retryable = dom_boolean(value);
    }
}

static struct dom_value member_get(struct dom_value object, struct str name, bool *ret_found) {
    struct dom_value found = {0}, value;
    *ret_found = false;
    if (dom_type(object) != DOM_OBJECT)
        return found;
    struct dom_iterator members = dom_members(object);
    struct str each;
    while (dom_next_member(&members, &each, &value)) {
        if (str_equal(each, name)) {
            *ret_found = true;
            found = value;
        }
    }
    return found;
}

enum acknowledgement_kind acknowledgement_read(struct dom_parser *parser, struct str body,
                                               struct acknowledgement *ret_acknowledgement) {
    struct dom_value answer;
    const char *message;
    size_t offset;
    bool found;
    if (dom_parse(parser, body, &answer, &message, &offset) != 0)
        return ACKNOWLEDGEMENT_GARBLED;
    struct dom_value error = member_get(answer, STR("error"), &found);
    if (found) {
        result_read(error, &ret_acknowledgement->refusal);
        return ACKNOWLEDGEMENT_REFUSAL;
    }
    struct dom_value results = member_get(answer, STR("results"), &found);
    if (!found || dom_type(results) != DOM_ARRAY)
        return ACKNOWLEDGEMENT_GARBLED;
    ret_acknowledgement->results = dom_items(results);
    return ACKNOWLEDGEMENT_RESULTS;
}

bool acknowledgement_next(struct acknowledgement *acknowledgement, struct result *ret_result) {
    struct dom_value value;
    if (!dom_next_item(&acknowledgement->results, &value))
        return false;
    result_read(value, ret_result);
    return true;
}
