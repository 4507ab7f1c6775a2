/* A question about the plugin that the first argument names. Threads: one. */
#pragma once

#include "command.h"

int plugin_ask(struct call *call, const char *method, json_t **ret_result);
