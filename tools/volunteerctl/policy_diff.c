/* policy diff: what a draft would change, before it is in force. */
#include <unistd.h>

#include "commands.h"
#include "job.h"
#include "output.h"
#include "policy_diff.h"
#include "policy_file.h"
#include "value.h"

/* FILE, or with --parameters the name of a policy whose text stays as it is. */
static int draft_read(struct call *call, json_t **ret_params) {
    const char *draft = call_argument(call, 0);
    const char *text = call_text(call, "parameters");
    json_error_t error;
    json_t *parameters = text ? json_loads(text, JSON_REJECT_DUPLICATES, &error) : NULL;
    if (text && !json_is_object(parameters)) {
        json_decref(parameters);
        return complain(USAGE, _("--parameters is JSON by date, such as "
                                 "'{\"2027-01-01\": {\"hours\": [100, 300]}}'."));
    }
    int code = DONE;
    if (parameters && access(draft, F_OK) != 0)
        *ret_params = json_pack("{s:s}", "policy", draft);
    else
        code = policy_file_read(call, draft, ret_params);
    if (code == DONE && parameters)
        json_object_set(*ret_params, "parameters", parameters);
    json_decref(parameters);
    return code;
}

static void pass_options(struct call *call, json_t *params) {
    static const char *const options[][2] = {
        {"scope", "scope"}, {"as-of", "as_of"}, {"from", "from"}, {"to", "to"}};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        call_pass(call, options[i][0], params, options[i][1]);
    if (call_text(call, "examples"))
        json_object_set_new(params, "examples", json_integer(call_number(call, "examples", 0)));
}

int run_policy_diff(struct call *call) {
    struct output output;
    json_t *params = NULL;
    json_auto_t *started = NULL, *job = NULL;
    int code = output_choose(call, &output);
    if (code == DONE)
        code = draft_read(call, &params);
    if (code != DONE)
        return code;
    pass_options(call, params);
    code =
        client_ask(&call->client, "job.start",
                   json_pack("{s:s, s:o}", "job", "policy.diff", "parameters", params), &started);
    if (code == DONE)
        code = job_follow(call, json_object_get(started, "job"), _("comparing"), &job);
    if (code != DONE)
        return code;
    const json_t *result = json_object_get(job, "result");
    json_auto_t *paper = policy_diff_paper(&call->lexicon, result);
    return output_document(&output, paper, result);
}
