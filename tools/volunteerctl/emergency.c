/* emergency declare, end and list: an emergency is declared for a region by one command. */
#include "commands.h"
#include "events.h"
#include "list.h"
#include "value.h"

static int submit(struct call *call, const char *type, json_t *data) {
    const char *by = call_text(call, "by");
    if (!by) {
        json_decref(data);
        return complain(USAGE, _("say who answers for it: --by PERSON."));
    }
    json_object_set_new(data, "by", json_string(by));
    call_pass(call, "reason", data, "reason");
    return event_submit(call, event_new(type, NULL, NULL, NULL, data), false);
}

int run_emergency_declare(struct call *call) {
    const char *region = call_text(call, "region");
    if (!region)
        return complain(USAGE, _("say where: --region CODE."));
    return submit(call, "emergency.declared",
                  json_pack("{s:s, s:s}", "emergency", call_argument(call, 0), "region", region));
}

/* The event names the region, too: that of the declaration. */
int run_emergency_end(struct call *call) {
    json_auto_t *emergency = NULL;
    int code = client_ask(&call->client, "emergency.get",
                          json_pack("{s:s}", "emergency", call_argument(call, 0)), &emergency);
    if (code != DONE)
        return code;
    return submit(call, "emergency.ended",
                  json_pack("{s:s, s:s}", "emergency", call_argument(call, 0), "region",
                            text_at(emergency, "region")));
}

int run_emergency_list(struct call *call) {
    json_t *params = json_object();
    call_pass(call, "region", params, "region");
    call_pass(call, "state", params, "state");
    return list_things(call, "emergency", params);
}
