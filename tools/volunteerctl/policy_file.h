/* A policy's file on this side: read to be sent, written when a revision came of it, compared where
 * somebody else was quicker. Threads: one. */
#pragma once

#include "command.h"

/* So much is read to say what it is. */
#define POLICY_LIMIT_BYTES (UINT32_C(64) << 20)

/* {"text", "file"}: the text, and what the daemon calls the file in complaints. */
int policy_file_read(const struct call *call, const char *path, json_t **ret_params);
/* The text that is in force becomes the file's, so that it says which revision it is. Where it
 * cannot be written that is said, and nothing is wrong. */
void policy_file_update(const struct call *call, const char *path, const char *text);
/* A text based on another revision than the one in force (`data` of the refusal): what changed in
 * force, what was changed in the file, and both together in FILE.merged. */
void policy_file_drift(const struct call *call, const char *path, const json_t *data);
