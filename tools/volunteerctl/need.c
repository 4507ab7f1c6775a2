/* need match, refer, close: what becomes of a need. */
#include "commands.h"
#include "events.h"
#include "list.h"

static const struct noun_column candidate_columns[] = {
    {"activity", N_("activity"), VALUE_TEXT},
    {"title", N_("title"), VALUE_TEXT},
    {"near", N_("in the same"), VALUE_WORD},
    {"region", N_("region"), VALUE_TEXT},
    {"starts", N_("starts"), VALUE_MOMENT},
    {"places_left", N_("places left"), VALUE_NUMBER},
    {0},
};

/* What might meet it: nothing is sent. */
static int suggest(struct call *call, const char *need) {
    json_auto_t *result = NULL;
    int code =
        client_ask(&call->client, "need.candidates", json_pack("{s:s}", "need", need), &result);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, result);
    if (list_items(call, candidate_columns, result))
        note(_("volunteerctl need match %s ACTIVITY matches it with one."), need);
    else
        note(_("No open activity of its category; publish one, or refer the need: volunteerctl "
               "need refer %s --to WHERE"),
             need);
    return DONE;
}

static int submit(struct call *call, const char *type, const char *field, const char *value) {
    json_t *data = json_pack("{s:s, s:s}", "need", call_argument(call, 0), field, value);
    return event_submit(call, event_new(type, NULL, NULL, NULL, data), false);
}

int run_need_match(struct call *call) {
    const char *activity = call_argument(call, 1);
    return activity ? submit(call, "need.matched", "activity", activity)
                    : suggest(call, call_argument(call, 0));
}

int run_need_refer(struct call *call) {
    const char *to = call_text(call, "to");
    if (!to)
        return complain(USAGE, _("say where it is referred to: --to WHERE."));
    return submit(call, "need.referred", "to", to);
}

int run_need_close(struct call *call) {
    return submit(call, "need.closed", "outcome", call_argument(call, 1));
}
