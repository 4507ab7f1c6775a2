/* alert list and acknowledge; evidence review: what people do about an assessment. */
#include "commands.h"
#include "events.h"
#include "list.h"
#include "value.h"

int run_alert_list(struct call *call) {
    json_t *params = json_object();
    call_pass(call, "region", params, "region");
    call_pass(call, "state", params, "state");
    call_pass(call, "severity", params, "severity");
    call_pass(call, "code", params, "code");
    return list_things(call, "alert", params);
}

int run_alert_acknowledge(struct call *call) {
    json_auto_t *result = NULL;
    const char *by = call_text(call, "by");
    if (!by)
        return complain(USAGE, _("say who looks at it: --by PERSON."));
    int code =
        client_ask(&call->client, "alert.acknowledge",
                   json_pack("{s:s, s:s}", "alert", call_argument(call, 0), "by", by), &result);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, result);
    print(_("%s is acknowledged; it is cleared when what it is about is over.\n"),
          call_argument(call, 0));
    return DONE;
}

int run_evidence_review(struct call *call) {
    const char *by = call_text(call, "by");
    if (!by)
        return complain(USAGE, _("say who reviews it: --by PERSON."));
    json_t *data = json_pack("{s:s, s:s, s:s}", "evidence", call_argument(call, 0), "outcome",
                             call_argument(call, 1), "by", by);
    call_pass(call, "note", data, "note");
    return event_submit(call, event_new("evidence.reviewed", NULL, NULL, NULL, data), false);
}
