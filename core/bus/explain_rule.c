/* The rule of a day, in its own words. */
#include <stdlib.h>

#include "bus/explain.h"
#include "bus/methods_common.h"
#include "bus/methods_rules.h"
#include "policy/terms.h"

static void put_scalar(const json_t *value, struct buf *out) {
    if (json_is_string(value)) {
        buf_put_str(out, str_from(json_string_value(value)));
        return;
    }
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    buf_put_str(out, text ? str_from(text) : STR("?"));
    free(text);
}

/* 一星 100, 二星 300 小时 */
static json_t *words_of(const json_t *value, const json_t *describe) {
    struct buf out __attribute__((cleanup(buf_deinit))) = {0};
    const json_t *items = json_object_get(describe, "items");
    const char *unit = json_string_value(json_object_get(describe, "unit"));
    size_t i;
    json_t *each;
    if (!json_is_array(value))
        put_scalar(value, &out);
    json_array_foreach((json_t *)(uintptr_t)value, i, each) {
        const char *item = json_string_value(json_array_get(items, i));
        if (i)
            buf_put_str(&out, STR(", "));
        if (item)
            buf_printf(&out, "%s ", item);
        put_scalar(each, &out);
    }
    if (unit && !(json_is_array(value) && json_array_size(value) == 0))
        buf_printf(&out, " %s", unit);
    return json_from_str(buf_str(&out));
}

static json_t *parameters_json(const json_t *terms) {
    const json_t *describe = json_object_get(terms, "describe");
    json_t *list = json_array(), *value;
    const char *name;
    json_object_foreach(json_object_get(terms, "parameters"), name, value) {
        const json_t *described = json_object_get(describe, name);
        json_t *item = json_pack("{s:s, s:O, s:o}", "name", name, "value", value, "words",
                                 words_of(value, described));
        if (json_object_get(described, "title"))
            json_object_set(item, "title", json_object_get(described, "title"));
        if (json_object_get(described, "unit"))
            json_object_set(item, "unit", json_object_get(described, "unit"));
        json_array_append_new(list, item);
    }
    return list;
}

json_t *explain_rule(struct query *query, struct str revision, int32_t date) {
    struct buf text __attribute__((cleanup(buf_deinit))) = {0};
    const struct policy_revision *found = NULL;
    struct rules rules;
    if (!revision.size)
        return json_null();
    if (rules_load(query, &rules) == 0)
        found = rules_find(&rules, revision);
    bool loads = policy_terms(query->host, revision, date, &text) == 0;
    json_t *terms = loads ? query_json(&text) : NULL;
    json_t *rule =
        json_pack("{s:o, s:o, s:o}", "revision", json_from_str(revision), "title",
                  json_from_str(found ? rule_glance(found->data.text, "title") : STR_NONE),
                  "parameters", parameters_json(terms));
    json_t *from = json_object_get(terms, "from"), *later = json_object_get(terms, "later");
    json_object_set_new(rule, "from", from ? json_incref(from) : json_null());
    json_object_set_new(rule, "later", later ? json_incref(later) : json_array());
    json_decref(terms);
    if (found && query_boolean(query, "rule", false))
        json_object_set_new(rule, "text", json_from_str(found->data.text));
    return rule;
}
