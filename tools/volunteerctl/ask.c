#include "ask.h"

#include "value.h"

#define REJECTIONS_SHOWN 20

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

size_t ask_rejections(const json_t *entries, const char *key, const json_t *result) {
    const json_t *results = json_object_get(result, "results");
    size_t index, n = 0;
    json_t *one;
    json_array_foreach(results, index, one) {
        if (strcmp(text_at(one, "status"), "rejected") != 0)
            continue;
        if (n++ < REJECTIONS_SHOWN)
            note("%s: %s", text_at(json_array_get(entries, index), key), text_at(one, "message"));
    }
    if (n > REJECTIONS_SHOWN)
        note(_("… and %zu more"), n - REJECTIONS_SHOWN);
    return n;
}

int ask_today(struct call *call, char ret_date[static 16]) {
    json_auto_t *status = NULL;
    int code = client_ask(&call->client, "status", json_object(), &status);
    snprintf(ret_date, 16, "%.10s", text_at(json_object_get(status, "clock"), "date"));
    return code;
}

int ask_zone(struct call *call, struct zone *ret_zone) {
    json_auto_t *status = NULL;
    int code = client_ask(&call->client, "status", json_object(), &status);
    const char *name = text_at(json_object_get(status, "city"), "time_zone");
    if (code == DONE && (!*name || zone_load(name, ret_zone) != 0))
        return complain(REFUSED, _("the daemon has no city yet."));
    return code;
}
