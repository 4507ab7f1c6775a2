/* The policy files of a folder with the library files beside it (../library), read and vetted.
 * Threads: one owner. Memory: all in the arena given. */
#pragma once

#include <jansson.h>

#include "policy/vet.h"
#include "util/io.h"

#define POLICY_FILES_LIMIT 256

struct policy_file {
    struct str name; /* star_rating.lua */
    struct str text;
    bool ok;
    json_t *verdict; /* of policy/check.h */
};

struct policy_files {
    size_t n;
    struct policy_file *list;
    size_t n_libraries;
    struct library *libraries;
};

/* 0, or < 0 where the folder cannot be read (logged). `vet` NULL: they are only read. */
int policy_files_read(const struct io *io, const char *folder, const struct vet_options *vet,
                      struct arena *arena, struct policy_files *ret_files);
void policy_files_deinit(struct policy_files *files);
/* "FILE:LINE: message" for everything for which its verdict refuses it. */
void policy_file_complaints(const char *folder, const struct policy_file *file, struct buf *out);
