#include "bus/parameters.h"

#include <assert.h>

#include "bus/methods.h"
#include "bus/thing_view.h"

/* Every method that reads the state has it. */
static const struct parameter fresh_parameter = {"fresh", PARAMETER_BOOLEAN, false};

enum parameter_kind parameter_of_field(enum field_kind kind) {
    switch (kind) {
    case FIELD_INTEGER:
        return PARAMETER_INTEGER;
    case FIELD_BOOLEAN:
        return PARAMETER_BOOLEAN;
    case FIELD_DATE:
        return PARAMETER_DATE;
    case FIELD_OBJECT:
    case FIELD_QUANTITIES:
    case FIELD_CHANGES:
    case FIELD_JSON:
        return PARAMETER_OBJECT;
    case FIELD_OBJECTS:
    case FIELD_LIST:
        return PARAMETER_LIST;
    default:
        return PARAMETER_TEXT;
    }
}

static void put(struct parameter *list, size_t *n, const char *name, enum parameter_kind kind,
                bool required) {
    assert(*n < METHOD_PARAMETERS);
    list[(*n)++] = (struct parameter){name, kind, required};
}

static void put_filters(enum noun noun, struct parameter *list, size_t *n) {
    struct thing_filter filters[THING_FILTERS];
    size_t n_filters = thing_filters(noun, filters);
    for (size_t i = 0; i < n_filters; i++)
        put(list, n, filters[i].name,
            filters[i].kind == FILTER_BOOLEAN ? PARAMETER_BOOLEAN : PARAMETER_TEXT, false);
    put(list, n, "cursor", PARAMETER_TEXT, false);
    put(list, n, "limit", PARAMETER_INTEGER, false);
}

/* None is required here: what is missing is told by the event's own check, with its path. */
static void put_fields(uint32_t event, struct parameter *list, size_t *n) {
    const struct fields *fields = catalogue_by_number(event)->fields;
    for (size_t i = 0; i < fields->n; i++)
        put(list, n, fields->list[i].name, parameter_of_field(fields->list[i].kind), false);
    put(list, n, "time", PARAMETER_TEXT, false); /* of the event: when it happened */
}

size_t method_parameters(const struct method *method,
                         struct parameter ret_parameters[static METHOD_PARAMETERS]) {
    size_t n = 0;
    if (method->form == METHOD_GET)
        put(ret_parameters, &n, noun_info(method->noun)->name, PARAMETER_TEXT, true);
    if (method->form == METHOD_LIST)
        put_filters(method->noun, ret_parameters, &n);
    if (method->form == METHOD_COMMAND)
        put_fields(method->event, ret_parameters, &n);
    for (size_t i = 0; i < METHOD_OWN_PARAMETERS && method->parameters[i].name; i++)
        put(ret_parameters, &n, method->parameters[i].name, method->parameters[i].kind,
            method->parameters[i].required);
    return n;
}

static bool parameter_fits(enum parameter_kind kind, const json_t *value) {
    int32_t date;
    switch (kind) {
    case PARAMETER_TEXT:
        return json_is_string(value);
    case PARAMETER_INTEGER:
        return json_is_integer(value);
    case PARAMETER_BOOLEAN:
        return json_is_boolean(value);
    case PARAMETER_DATE:
        return json_is_string(value) && date_parse(str_from(json_string_value(value)), &date) == 0;
    case PARAMETER_OBJECT:
        return json_is_object(value);
    case PARAMETER_LIST:
        return json_is_array(value);
    }
    return false;
}

const char *parameter_word(enum parameter_kind kind) {
    static const char *const words[] = {
        [PARAMETER_TEXT] = "text", [PARAMETER_INTEGER] = "integer", [PARAMETER_BOOLEAN] = "boolean",
        [PARAMETER_DATE] = "date", [PARAMETER_OBJECT] = "object",   [PARAMETER_LIST] = "list",
    };
    return words[kind];
}

static const struct parameter *parameter_find(const struct parameter *list, size_t n,
                                              const char *name) {
    for (size_t i = 0; i < n; i++)
        if (!strcmp(list[i].name, name))
            return &list[i];
    return strcmp(name, fresh_parameter.name) ? NULL : &fresh_parameter;
}

static const char *parameter_nearest(const struct parameter *list, size_t n, const char *name) {
    const char *names[METHOD_PARAMETERS + 1] = {fresh_parameter.name};
    for (size_t i = 0; i < n; i++)
        names[i + 1] = list[i].name;
    return str_nearest(str_from(name), names, n + 1);
}

static int check_given(const struct method *method, const struct parameter *list, size_t n,
                       const char *name, const json_t *value, struct problem *problem) {
    const struct parameter *parameter = parameter_find(list, n, name);
    const char *nearest = parameter ? NULL : parameter_nearest(list, n, name);
    if (!parameter)
        return problem_set(problem, PROBLEM_UNKNOWN_FIELD, name, "%s has no parameter %s%s%s%s",
                           method->name, name, nearest ? "; did you mean " : "",
                           nearest ? nearest : "", nearest ? "?" : "");
    if (!parameter_fits(parameter->kind, value))
        return problem_set(problem, PROBLEM_WRONG_TYPE, name, "the parameter %s must be %s", name,
                           parameter->kind == PARAMETER_DATE ? "a date, YYYY-MM-DD"
                                                             : parameter_word(parameter->kind));
    return 0;
}

int parameters_check(const struct method *method, json_t *params, struct problem *problem) {
    struct parameter list[METHOD_PARAMETERS];
    size_t n = method_parameters(method, list);
    const char *name;
    json_t *value;
    int r = 0;
    json_object_foreach(params, name, value) {
        r = check_given(method, list, n, name, value, problem);
        if (r != 0)
            return r;
    }
    for (size_t i = 0; i < n; i++)
        if (list[i].required && !json_object_get(params, list[i].name))
            return problem_set(problem, PROBLEM_MISSING_FIELD, list[i].name,
                               "%s needs the parameter %s", method->name, list[i].name);
    return 0;
}

int query_method_list(struct query *query, json_t **ret_result) {
    (void)query;
    json_t *list = json_array();
    for (size_t i = 0; i < n_methods; i++) {
        struct parameter taken[METHOD_PARAMETERS];
        size_t n = method_parameters(&methods[i], taken);
        json_t *parameters = json_array();
        for (size_t j = 0; j < n; j++)
            json_array_append_new(parameters, json_pack("{s:s, s:s, s:b}", "name", taken[j].name,
                                                        "kind", parameter_word(taken[j].kind),
                                                        "required", (int)taken[j].required));
        json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "name", methods[i].name, "help",
                                              methods[i].help, "parameters", parameters));
    }
    *ret_result = json_pack("{s:o}", "methods", list);
    return 0;
}
