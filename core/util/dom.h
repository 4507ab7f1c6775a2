/* Reading JSON from outside (names begin with dom_, because jansson owns json_). A thin C face over
 * simdjson's DOM: strict UTF-8, exact 64-bit integers, a depth limit of 32 levels (an empty array
 * or object may stand one deeper). Duplicate keys are visible here (members are walked in order)
 * and refused by whoever reads. Ownership: a value borrows the parser's document and dies with the
 * next dom_parse on that parser. Asking a value for what it is not is our own bug: check dom_type
 * first. Threads: a parser belongs to one thread. */
#pragma once

#include "util/str.h"

struct dom_parser;

enum dom_type { DOM_NULL, DOM_BOOLEAN, DOM_INTEGER, DOM_NUMBER, DOM_STRING, DOM_ARRAY, DOM_OBJECT };

/* DOM_INTEGER is a whole number that fits int64; DOM_NUMBER any other. */
struct dom_value {
    const void *document;
    size_t index;
};

struct dom_iterator {
    const void *document;
    size_t index;
    size_t end;
};

struct dom_parser *dom_parser_new(void);
void dom_parser_free(struct dom_parser *parser);

/* 0, or > 0 with *ret_message saying what is wrong (static text) and *ret_offset where it is known
 * (else 0). */
int dom_parse(struct dom_parser *parser, struct str text, struct dom_value *ret_value,
              const char **ret_message, size_t *ret_offset);

enum dom_type dom_type(struct dom_value value);
bool dom_boolean(struct dom_value value);
int64_t dom_integer(struct dom_value value);
double dom_number(struct dom_value value);
struct str dom_string(struct dom_value value);
size_t dom_count(struct dom_value array_or_object);

struct dom_iterator dom_members(struct dom_value object);
struct dom_iterator dom_items(struct dom_value array);
bool dom_next_member(struct dom_iterator *it, struct str *ret_name, struct dom_value *ret_value);
bool dom_next_item(struct dom_iterator *it, struct dom_value *ret_value);
