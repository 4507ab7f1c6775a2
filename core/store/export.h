/* The export: every row of every table in key order as JSON lines, {"table":"volunteer",...}.
 * It is what a replay must reproduce byte for byte, so it holds nothing but the rows. How a row
 * reads belongs to core/domain.
 *
 * Threads: as the view, a reader's. Errors: as util/error.h. */
#pragma once

#include "store/store.h"

/* Appends the members of one row's object with buf_json_key and what follows it; the caller opens
 * and closes it. */
typedef void store_render(struct str key, struct str row, struct buf *out);

/* `renders` has one for each table. `line` gets each line with the \n at its end, borrowed until it
 * returns; it returns 0 to go on, anything else ends the walk and is returned. */
int store_export(struct view *view, int (*line)(void *context, struct str line), void *context,
                 store_render *const renders[static TABLE_COUNT]);

/* BLAKE2b-256 over the lines, in hexadecimal. */
int store_export_digest(struct view *view, store_render *const renders[static TABLE_COUNT],
                        char ret_digest[static 65]);
