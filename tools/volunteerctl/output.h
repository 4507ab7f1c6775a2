/* Where a command's result goes and how it looks: --format FORMAT and --output FILE. A file is
 * written whole or not at all: under another name beside it, synced, then renamed. Threads: one. */
#pragma once

#include "command.h"
#include "document.h"

enum output_format { FORMAT_TABLE, FORMAT_CSV, FORMAT_XLSX, FORMAT_HTML, FORMAT_SVG, FORMAT_JSON };

struct output {
    const struct call *call;
    enum output_format format;
    const char *path; /* NULL: standard output */
    char *target;     /* what the path means, links followed */
    char *unfinished; /* its name until it is whole; NULL: the path is no regular file */
    int fd, saved_fd; /* of the file; of standard output while the file stands in for it */
};

/* Reads the options and checks that they go together, before anything is asked of a daemon. Where
 * --format is missing the file's name decides (.csv, .xlsx, .html, .svg, .json). */
int output_choose(const struct call *call, struct output *ret_output);
/* From here to output_end what is printed goes to the file, without colours. `terminal` is what to
 * print with in between. */
int output_begin(struct output *output, struct terminal *ret_terminal);
/* `code` of what was printed: only what is DONE becomes the file. */
int output_end(struct output *output, int code);

/* All of it for a document: `json` is printed where the format is JSON. */
int output_document(struct output *output, json_t *document, const json_t *json);
/* A text becomes the whole of a file, in the same way: its mode stays, links are followed. */
int file_write(const struct call *call, const char *path, const char *text);
/* The same of any bytes; `path` - is standard output. */
int file_write_bytes(const struct call *call, const char *path, struct str bytes);
