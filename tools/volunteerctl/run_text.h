/* Runs in words: "stars 3,214 of 1,000,000", as policy history and status show them. */
#pragma once

#include <jansson.h>

#include "output.h"
#include "util/buf.h"

void run_text(const struct terminal *terminal, const json_t *run, struct buf *out);
