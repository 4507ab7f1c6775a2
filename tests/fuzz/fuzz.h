/* What the fuzz targets share. A target is one file, <name>_fuzz.c, with the two functions of
 * libFuzzer below; with clang libFuzzer calls them, otherwise replay.c does, over the inputs that
 * are kept in corpus/<name>.
 *
 * A target must do no harm with any input, and asserts what must hold of those that are accepted.
 * So that nobody trusts a target whose inputs are all refused at the first byte, it counts how deep
 * they came with `reached`. */
#pragma once

#include <assert.h>

#include "util/buf.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Counts an input (or a part of it) that came as far as `what`, a literal; the counts are told at
 * exit. */
void reached(const char *what);

static inline struct str input_str(const uint8_t *data, size_t size) {
    return (struct str){(const char *)data, size};
}

/* Fails unless `text` is JSON as our own reader and jansson know it. */
void must_be_json(struct str text);

/* A folder of the target's own, gone at exit. Borrowed, static. */
const char *fuzz_directory(void);
