#include "ask.h"

#include "value.h"

int ask_and_say(struct call *call, const char *method, json_t *params, const char *done) {
    json_auto_t *result = NULL;
    int code = client_ask(&call->client, method, params, &result);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, result);
    if (has_at(result, "sequence"))
        print(_("%s, sequence %lld.\n"), done, (long long)integer_at(result, "sequence"));
    else
        print(_("%s.\n"), done);
    return DONE;
}

int ask_today(struct call *call, char ret_date[static 16]) {
    json_auto_t *status = NULL;
    int code = client_ask(&call->client, "status", json_object(), &status);
    snprintf(ret_date, 16, "%.10s", text_at(json_object_get(status, "clock"), "date"));
    return code;
}
