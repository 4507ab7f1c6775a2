/* Reading JSON from outside. A thin C face over simdjson's DOM: strict UTF-8, exact 64-bit integers, a depth
 * limit of 32. Duplicate keys are visible here (members are walked in order) and refused by whoever reads.
 * Ownership: a value borrows the parser's document and dies with the next json_parse on that parser.
 * Threads: a parser belongs to one thread. */
#pragma once

#include "util/str.h"

struct json_parser;

enum json_type { JSON_NULL, JSON_BOOLEAN, JSON_INTEGER, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

/* JSON_INTEGER is a whole number that fits int64; JSON_NUMBER any other. */
struct json_value {
    const void *document;
    size_t index;
};

struct json_iterator {
    const void *document;
    size_t index;
    size_t end;
};

struct json_parser *json_parser_new(void);
void json_parser_free(struct json_parser *parser);

/* 0, or > 0 with *ret_message saying what is wrong (static text) and *ret_offset where it is known (else 0). */
int json_parse(struct json_parser *parser, struct str text, struct json_value *ret_value, const char **ret_message,
               size_t *ret_offset);

enum json_type json_type(struct json_value value);
bool json_boolean(struct json_value value);
int64_t json_integer(struct json_value value);
double json_number(struct json_value value);
struct str json_string(struct json_value value);
size_t json_count(struct json_value array_or_object);

struct json_iterator json_members(struct json_value object);
struct json_iterator json_items(struct json_value array);
bool json_next_member(struct json_iterator *it, struct str *ret_name, struct json_value *ret_value);
bool json_next_item(struct json_iterator *it, struct json_value *ret_value);
