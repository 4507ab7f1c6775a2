/* A file of administrative divisions (code,name,level,parent,urban_rural,kind) as region.defined
 * events. Threads: one. */
#pragma once

#include "bundle.h"

/* Reads and checks the whole file; complaints with row and heading go to stderr, and where `json`
 * the refusal also to stdout. DONE, REFUSED. */
int divisions_read(struct bundle *bundle, const char *path, bool json);
bool division_code_is_valid(const char *code);
