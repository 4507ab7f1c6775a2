/* clock accept: a jump of the machine's clock made the daemon read-only until a person looked at
 * it. */
#include "commands.h"

int run_clock_accept(struct call *call) {
    json_auto_t *result = NULL;
    json_t *params = json_object();
    call_pass(call, "by", params, "by");
    int code = client_ask(&call->client, "clock.accept", params, &result);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, result);
    print(_("the clock is accepted; the daemon takes events again.\n"));
    return DONE;
}
