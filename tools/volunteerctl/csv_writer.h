/* CSV as spreadsheets open it: UTF-8 with a byte order mark, CRLF, RFC 4180, and no text that they
 * would run as a formula. (csv.h is libcsv's, which quotes the texts.) Threads: one. Memory: what
 * is written goes to the buffer. */
#pragma once

#include "util/buf.h"

struct csv_writer {
    struct buf *out;
    bool begun; /* a cell stands in this row already */
};

/* Begins the file. */
void csv_begin(struct csv_writer *csv, struct buf *out);
/* Quoted where it must be; control characters become '?' but line breaks and tabs pass. A text that
 * begins like a formula gets an apostrophe in front, unless it is a plain number. */
void csv_cell(struct csv_writer *csv, const char *text);
void csv_cell_integer(struct csv_writer *csv, int64_t number);
void csv_row_end(struct csv_writer *csv);
