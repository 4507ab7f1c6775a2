#include "plugin_ask.h"

int plugin_ask(struct call *call, const char *method, json_t **ret_result) {
    return client_ask(&call->client, method, json_pack("{s:s}", "plugin", call_argument(call, 0)),
                      ret_result);
}
