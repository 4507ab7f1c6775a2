/* Manual pages as scdoc source, from the tables that the programs themselves work by. Threads: one.
 */
#pragma once

#include "util/buf.h"

/* A text with what scdoc takes for markup escaped. */
void man_text(const char *text, struct buf *out);
/* "# NAME" and the like. */
void man_heading(const char *heading, struct buf *out);
/* A term in bold, and what it means below it. */
void man_term(const char *term, const char *argument, const char *meaning, struct buf *out);

/* man_conf.c: volunteerd.conf(5), from the daemon's option table. */
void man_conf(struct buf *out);
