/* The plugin's HTTP client: libcurl's multi interface in the host's loop. Made with the first
 * request, for as long as the process lives. Threads: one (libcurl looks names up in one of its
 * own). */
#pragma once

#include "plugin/volunteer_plugin.h"

#define HTTP_AT_ONCE 16
#define HTTP_WAITING 1000

/* As vol_http. 0; -EAGAIN; -EINVAL for a request that is none; -EACCES for a port or a file that no
 * option names. */
int service_http(struct vol_core *core, const struct vol_http_request *request,
                 vol_answered *answered, void *context);
