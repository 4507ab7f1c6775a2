/* schema.get and asyncapi.get: the catalogue for machines. */
#include "bus/methods.h"
#include "event/schema.h"

int query_schema_get(struct query *query, json_t **ret_result) {
    (void)ret_result; /* the answer is text */
    struct str name = query_text(query, "type");
    const struct event_type *type = name.data ? catalogue_find(name) : NULL;
    if (name.data && !type) {
        const char *nearest = catalogue_nearest(name);
        return problem_set(query->problem, PROBLEM_UNKNOWN_TYPE, "type",
                           "there is no event type %.*s%s%s%s", STR_ARG(name),
                           nearest ? "; did you mean " : "", nearest ? nearest : "",
                           nearest ? "?" : "");
    }
    if (type)
        schema_of_type(type, query->text);
    else
        schema_of_catalogue(query->text);
    return 0;
}

int query_asyncapi_get(struct query *query, json_t **ret_result) {
    (void)ret_result;
    schema_asyncapi(query->text);
    return 0;
}
