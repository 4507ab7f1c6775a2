#include "policy_compare.h"

#include "document_format.h"
#include "job.h"
#include "policy_diff.h"
#include "value.h"

/* Which records: those that are decided anew. */
static bool pass_period(const struct call *call, json_t *params) {
    const char *retroactivity = call_text(call, "retroactivity");
    if (!retroactivity || strcmp(retroactivity, "from_now") == 0)
        return false;
    if (strcmp(retroactivity, "all_history") == 0)
        json_object_set_new(params, "from", json_string("1900-01-01"));
    else
        call_pass(call, "effective", params, "from");
    return json_object_get(params, "from") != NULL;
}

static int start(struct call *call, json_t *params, json_t **ret_started, json_t **ret_error) {
    return client_try(&call->client, "job.start",
                      json_pack("{s:s, s:O}", "job", "policy.diff", "parameters", params),
                      ret_started, ret_error);
}

/* Of people there is no period: then without. */
static int start_any(struct call *call, json_t *params, json_t **ret_started, json_t **ret_error) {
    bool period = pass_period(call, params);
    int code = start(call, params, ret_started, ret_error);
    const json_t *data = json_object_get(*ret_error, "data");
    if (code != DONE || *ret_started || !period || strcmp(text_at(data, "field"), "from") != 0)
        return code;
    json_decref(*ret_error);
    *ret_error = NULL;
    json_object_del(params, "from");
    return start(call, params, ret_started, ret_error);
}

static void show_result(struct call *call, const json_t *result) {
    struct document document;
    json_auto_t *paper = policy_diff_paper(&call->lexicon, result);
    if (!document_read(paper, &document))
        return;
    document_table(&call->terminal, &document);
    document_deinit(&document);
    printf("\n");
}

int policy_compare(struct call *call, json_t *params, bool show, json_t **ret_job) {
    json_auto_t *given = params;
    json_auto_t *started = NULL;
    json_auto_t *error = NULL;
    json_auto_t *job = NULL;
    *ret_job = NULL;
    call_pass(call, "scope", given, "scope");
    int code = start_any(call, given, &started, &error);
    if (code != DONE)
        return code;
    if (!started) {
        if (show && *text_at(error, "message"))
            note(_("No comparison: %s"), text_at(error, "message"));
        return DONE;
    }
    code = job_follow(call, json_object_get(started, "job"), _("comparing"), &job);
    if (code != DONE)
        return code;
    if (show)
        show_result(call, json_object_get(job, "result"));
    *ret_job = json_incref(json_object_get(started, "job"));
    return DONE;
}
