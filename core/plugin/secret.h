/* Secrets stand in files, never in the configuration: an option says where. "file:/path" (a
 * relative one begins at the configuration's folder) may be read by its owner alone;
 * "credential:NAME" is one that systemd hands over (LoadCredential=), in $CREDENTIALS_DIRECTORY.
 * Threads: any. */
#pragma once

#include "util/buf.h"
#include "util/io.h"

#define SECRET_LIMIT 65536

/* 0 with what stands in it, without the newline at its end; > 0 with why not. */
int secret_read(const struct io *io, const char *reference, const char *folder,
                struct buf *ret_secret, char *ret_why, size_t size);
/* Leaves nothing of it in memory. */
void secret_deinit(struct buf *secret);
