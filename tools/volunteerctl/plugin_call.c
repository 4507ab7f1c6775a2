/* plugin call NAME METHOD [PARAMETER=VALUE...]: asks a plugin. What it declares of the method says
 * how the words are meant: "limit (100)" is a whole number, "open (true)" yes or no, all else is
 * text; PARAMETER:=JSON is whatever it says. */
#include <errno.h>
#include <stdlib.h>

#include "commands.h"
#include "output.h"
#include "plugin_ask.h"
#include "show.h"
#include "value.h"

/* ---- what is asked ---- */

static const json_t *method_find(const json_t *plugin, const char *name) {
    const json_t *methods = json_object_get(plugin, "methods");
    for (size_t i = 0; i < json_array_size(methods); i++)
        if (strcmp(text_at(json_array_get(methods, i), "name"), name) == 0)
            return json_array_get(methods, i);
    return NULL;
}

static int unknown_method(const struct call *call, const json_t *plugin, const char *name) {
    const json_t *methods = json_object_get(plugin, "methods");
    const char *names[32];
    size_t n = json_array_size(methods) < 32 ? json_array_size(methods) : 32;
    BUF_AUTO list = {0};
    for (size_t i = 0; i < n; i++) {
        names[i] = text_at(json_array_get(methods, i), "name");
        buf_printf(&list, "%s%s", i ? ", " : "", names[i]);
    }
    const char *near = str_nearest(str_from(name), names, n);
    if (n == 0)
        return complain_json(call->json, REFUSED, NULL, _("%s answers no questions."),
                             call_argument(call, 0));
    if (near)
        return complain(USAGE, _("%s has no method “%s”. Did you mean “%s”?"),
                        call_argument(call, 0), name, near);
    return complain(USAGE, _("%s has no method “%s”: it has %s."), call_argument(call, 0), name,
                    buf_text(&list));
}

/* "100" of "volunteer, limit (100)"; nothing where the parameter has none. */
static struct str default_of(const char *parameters, struct str name) {
    while (*parameters) {
        size_t size = strcspn(parameters, ",");
        struct str part = {parameters, size};
        while (part.size && *part.data == ' ')
            part = (struct str){part.data + 1, part.size - 1};
        bool is_it =
            str_starts_with(part, name) && part.size > name.size && part.data[name.size] == ' ';
        const char *opened = is_it ? memchr(part.data, '(', part.size) : NULL;
        if (opened) {
            struct str rest = {opened + 1, (size_t)(part.data + part.size - opened) - 1};
            const char *closed = memchr(rest.data, ')', rest.size);
            return closed ? (struct str){rest.data, (size_t)(closed - rest.data)} : STR_NONE;
        }
        parameters += size + (parameters[size] == ',');
    }
    return STR_NONE;
}

static int number_read(struct str name, const char *typed, json_t **ret_value) {
    char *end;
    errno = 0;
    long long number = strtoll(typed, &end, 10);
    if (errno || end == typed || *end)
        return complain(USAGE, _("%.*s is a whole number, not “%s”."), STR_ARG(name), typed);
    *ret_value = json_integer(number);
    return DONE;
}

static int boolean_read(struct str name, const char *typed, json_t **ret_value) {
    bool is_true = strcmp(typed, "true") == 0 || strcmp(typed, "yes") == 0;
    if (!is_true && strcmp(typed, "false") != 0 && strcmp(typed, "no") != 0)
        return complain(USAGE, _("%.*s is true or false, not “%s”."), STR_ARG(name), typed);
    *ret_value = json_boolean(is_true);
    return DONE;
}

static int json_read(struct str name, const char *typed, json_t **ret_value) {
    json_error_t error;
    *ret_value = json_loads(typed, JSON_DECODE_ANY, &error);
    return *ret_value ? DONE
                      : complain(USAGE, _("%.*s: this is no JSON: %s"), STR_ARG(name), error.text);
}

static int value_read(const json_t *method, struct str name, const char *typed,
                      json_t **ret_value) {
    struct str by_default = default_of(text_at(method, "parameters"), name);
    if (by_default.size > 0 && strspn(by_default.data, "-0123456789") >= by_default.size)
        return number_read(name, typed, ret_value);
    if (str_equal(by_default, STR("true")) || str_equal(by_default, STR("false")))
        return boolean_read(name, typed, ret_value);
    *ret_value = json_string(typed);
    return *ret_value ? DONE : complain(USAGE, _("%.*s: this is not UTF-8."), STR_ARG(name));
}

static int parameter_add(const json_t *method, const char *typed, json_t *params) {
    const char *equals = strchr(typed, '=');
    if (!equals || equals == typed || (equals == typed + 1 && *typed == ':'))
        return complain(USAGE, _("a parameter is written NAME=VALUE, not “%s”."), typed);
    bool is_json = equals[-1] == ':';
    struct str name = {typed, (size_t)(equals - typed) - is_json};
    json_t *value = NULL;
    int code = is_json ? json_read(name, equals + 1, &value)
                       : value_read(method, name, equals + 1, &value);
    if (code == DONE && json_object_setn_new(params, name.data, name.size, value) != 0)
        code = complain(USAGE, _("%.*s: this is not UTF-8."), STR_ARG(name));
    return code;
}

static int parameters_read(struct call *call, const json_t *method, json_t **ret_params) {
    json_t *params = json_object();
    int code = DONE;
    for (size_t i = 2; code == DONE && i < call->n_arguments; i++)
        code = parameter_add(method, call->arguments[i], params);
    if (code == DONE)
        *ret_params = params;
    else
        json_decref(params);
    return code;
}

/* ---- what came ---- */

/* A document, or the one section of one; NULL where the answer is no table. A column that is a text
 * is a name. */
static json_t *document_of(const json_t *result) {
    const json_t *columns = json_object_get(result, "columns");
    size_t index;
    json_t *column;
    if (json_is_object(json_object_get(result, "document")))
        return json_incref(json_object_get(result, "document"));
    if (!json_is_array(columns) || !json_is_array(json_object_get(result, "rows")))
        return NULL;
    json_t *document = document_blank(text_at(result, "title"));
    json_t *section = document_section_add(document, "");
    json_array_foreach(columns, index, column) {
        if (json_is_string(column))
            document_column_add(section, json_string_value(column), json_string_value(column),
                                "text");
        else
            json_array_append(json_object_get(section, "columns"), column);
    }
    json_object_set(section, "rows", json_object_get(result, "rows"));
    if (has_at(result, "total"))
        json_object_set(section, "total", json_object_get(result, "total"));
    return document;
}

static int answer_print(struct call *call, struct output *output, const json_t *result) {
    static const char *const hidden[] = {"sequence", NULL};
    json_auto_t *document = document_of(result);
    if (document || output->format == FORMAT_JSON)
        return output_document(output, document, result);
    if (output->format != FORMAT_TABLE || output->path)
        return complain(REFUSED, _("this answer is no table; --format json writes it as it is."));
    attributes_print(call, NULL, result, hidden);
    return DONE;
}

int run_plugin_call(struct call *call) {
    const char *name = call_argument(call, 0), *method_name = call_argument(call, 1);
    json_auto_t *plugin = NULL, *result = NULL;
    json_t *params = NULL;
    struct output output;
    char asked[128];
    int code = output_choose(call, &output);
    if (code == DONE)
        code = plugin_ask(call, "plugin.get", &plugin);
    if (code != DONE)
        return code;
    const json_t *method = method_find(plugin, method_name);
    if (!method)
        return unknown_method(call, plugin, method_name);
    code = parameters_read(call, method, &params);
    if (code != DONE)
        return code;
    snprintf(asked, sizeof asked, "%s.%s", name, method_name);
    code = client_ask(&call->client, asked, params, &result);
    return code == DONE ? answer_print(call, &output, result) : code;
}
