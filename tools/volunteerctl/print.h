/* How people's output looks: complaints, numbers, hours, stars, times, and JSON for programs.
 * Texts that came from a daemon or a file are cleaned of control characters before a terminal sees
 * them. Threads: one. Memory: the *_text functions fill the caller's array and return it. */
#pragma once

#include <jansson.h>
#include <libintl.h>
#include <stdio.h>

#include "util/buf.h"

#define _(text) gettext(text)
#define N_(text) text /* translated where it is printed */

enum exit_code { DONE = 0, REFUSED = 1, USAGE = 2, UNREACHABLE = 3 };

struct terminal {
    bool in; /* a person sits at it */
    bool out;
    bool error;
    bool colours; /* on out */
};
void terminal_detect(struct terminal *ret_terminal);
/* Whether the environment asks for Chinese, also where that locale is not installed: words of
 * choices are then printed by their Chinese labels. */
bool language_is_chinese(void);
/* Columns of the terminal behind a file descriptor, 80 where it does not say. */
size_t terminal_width(int fd);
/* Columns that a text takes; Chinese characters take two. */
size_t text_width(const char *text);

/* One sentence on stderr after the program's name. Returns `code`, so that a check ends with
 * `return complain(USAGE, ...)`. */
int complain(enum exit_code code, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same; where `json`, also {"error": {"code", "message"}} on stdout. `name` is the error's code
 * in it, NULL for none. */
int complain_json(bool json, enum exit_code code, const char *name, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* complain() without a name in front: "file:line: ..." and the like. */
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Writes the text; control characters become '?', but newlines and tabs pass where `lines`. */
void print_clean(FILE *file, const char *text, bool lines);
/* The same into a buffer. */
void clean_put(struct buf *out, const char *text, bool lines);
/* printf to stdout, cleaned; newlines pass. */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for a whole line, without its newline; a terminal gets it wrapped between words. */
void print_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Asks on the terminal, `question` with its "[y/N]": whether the person says yes. */
bool confirmed(const char *question);
/* What was printed so far is written. 0, or an errno value: EIO where it failed earlier and the
 * reason is not known any more. */
int output_flush(void);

/* Indented for a person, compact for a program. Returns DONE. */
int print_json(const struct terminal *terminal, const json_t *value);

#define TEXT_SIZE 64
/* 3,214 where grouped, else 3214. */
const char *number_text(int64_t number, bool grouped, char ret_text[static TEXT_SIZE]);
/* Hours with one decimal from minutes, never rounded up. */
const char *hours_text(int64_t minutes, bool grouped, char ret_text[static TEXT_SIZE]);
/* ★★★☆☆ */
/* Fen as yuan, and whatever else is counted in hundredths: 1250 is 12.50. */
const char *hundredths_text(int64_t amount, bool grouped, char ret_text[static TEXT_SIZE]);
const char *stars_text(int64_t stars, char ret_text[static TEXT_SIZE]);
/* "2018-03-05 09:00:00" from RFC 3339; anything else is cut to fit and returned as it is. */
const char *moment_text(const char *rfc3339, char ret_text[static TEXT_SIZE]);
/* 2 d 3 h, 3 h 12 min, 4 min 5 s */
const char *duration_text(int64_t seconds, char ret_text[static TEXT_SIZE]);
const char *bytes_text(int64_t bytes, char ret_text[static TEXT_SIZE]);
