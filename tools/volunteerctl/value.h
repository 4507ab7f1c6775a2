/* Reading a daemon's answer without trusting its shape: whatever is missing or of another type
 * reads as empty, zero or NULL. Memory: borrowed from the answer. */
#pragma once

#include "print.h"

/* "" where there is no such text. */
const char *text_at(const json_t *object, const char *key);
/* 0 where there is no such number. */
int64_t integer_at(const json_t *object, const char *key);
double number_at(const json_t *object, const char *key);
bool flag_at(const json_t *object, const char *key);
bool has_at(const json_t *object, const char *key); /* and it is not null */
/* An element's text, "" where it is none. */
const char *text_in(const json_t *array, size_t index);

/* "累计 812 小时；…": the texts of findings, or their codes where a policy gave none. */
void findings_text(const json_t *findings, struct buf *out);
/* Any value on one line: texts as they are, objects as a=1 b=2, lists with commas. */
void value_line(const json_t *value, struct buf *out);
/* The buffer as a terminated text, "" where empty. Valid until the buffer changes. */
const char *buf_text(struct buf *buf);
/* A terminated copy, to be freed. */
char *str_keep(struct str s);

/* -12, 13.04 or 13.04%: a text that is a number to anybody, also to a spreadsheet. */
bool text_is_number(const char *text);

static inline void buf_cleanup(struct buf *buf) {
    buf_deinit(buf);
}
#define BUF_AUTO __attribute__((cleanup(buf_cleanup))) struct buf
