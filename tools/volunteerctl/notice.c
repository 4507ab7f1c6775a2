/* notice receipts: who has said that a notice came, who was late, and who has not said it. */
#include "commands.h"
#include "list.h"
#include "noun.h"
#include "output.h"
#include "value.h"

static const struct noun_view receipts = {
    .noun = "notice",
    .type = "notice.issued",
    .columns = {{"organisation", N_("organisation"), VALUE_TEXT},
                {"name", N_("name"), VALUE_TEXT},
                {"region", N_("region"), VALUE_TEXT},
                {"state", N_("state"), VALUE_WORD},
                {"received_on", N_("received on"), VALUE_TEXT},
                {"by", N_("by"), VALUE_TEXT},
                {"received_by_successor", N_("given by"), VALUE_TEXT},
                {0}},
};

int run_notice_receipts(struct call *call) {
    json_auto_t *result = NULL;
    json_t *params = json_pack("{s:s}", "notice", call_argument(call, 0));
    struct output output;
    call_pass(call, "state", params, "state");
    int code = output_choose(call, &output);
    if (code != DONE) {
        json_decref(params);
        return code;
    }
    code = client_ask(&call->client, "notice.receipts", params, &result);
    if (code == DONE)
        code = list_print(call, &output, &receipts, result);
    if (code == DONE && output.format == FORMAT_TABLE)
        note(_("%s: %lld of %lld have given a receipt, %lld of them late."),
             text_at(result, "number"), (long long)integer_at(result, "received"),
             (long long)integer_at(result, "addressees"), (long long)integer_at(result, "late"));
    return code;
}
