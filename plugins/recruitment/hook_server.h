/* Webhooks of the platform: a small HTTP server in the plugin's loop. What it is told is a hint to
 * read a resource now, with or without items; the cursor alone decides what was read.
 *
 * POST only; at most HOOK_BODY_MOST bytes, HOOK_TIMEOUT_S for a request (common/http_server.h).
 * Signed as Standard Webhooks are (common/signature.h); an id that was seen has no effect again.
 * Threads: one. Errors: as HTTP answers them, with a problem object. */
#pragma once

struct recruitment;
struct hook_server;

#define HOOK_BODY_MOST (256u << 10)
#define HOOK_TIMEOUT_S 10

/* `address`: ADDRESS:PORT. NULL where it cannot be listened to, with what is wrong in the log. */
struct hook_server *hook_server_start(struct recruitment *recruitment, const char *address);
void hook_server_stop(struct hook_server *server);
