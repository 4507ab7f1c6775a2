/* The city's dictionaries: lists of codes that events name, set entry by entry
 * (dictionary.entry_set). An entry's number is its place in the order in which entries first came,
 * from 0, and is for ever: totals are kept by it. Threads: the view's owner. */
#pragma once

#include "domain/things.h"
#include "event/dictionaries.h"

/* Numbers stand in single bytes of rows, + 1. */
#define DICTIONARY_ENTRIES_LIMIT 250

struct dictionary_code {
    uint16_t number;
    uint8_t decimals;  /* of an account */
    bool may_expire;   /* of an account */
    int32_t from;      /* date, INT32_MIN: always */
    int32_t retired;   /* date from which on it may not be used, INT32_MIN: never */
    uint32_t uses;     /* by what is open now: activities, teams, projects, balances */
    uint64_t sequence; /* of the event that set it last */
    struct str code;   /* borrowed from the row */
    struct str title;
    struct str parent; /* size 0: none */
};

/* 0, THING_NOT_FOUND, < 0. */
int dictionary_get(struct view *view, enum DICTIONARY_choice dictionary, struct str code,
                   struct dictionary_code *ret_code);
int dictionary_at(struct view *view, enum DICTIONARY_choice dictionary, uint32_t number,
                  struct dictionary_code *ret_code);
uint32_t dictionary_count(struct view *view, enum DICTIONARY_choice dictionary);

/* ---- for apply functions ---- */

/* The code may be used on that day: > 0 with not_in_dictionary, naming the nearest. An open
 * dictionary takes any text, with number -1. */
int dictionary_require(struct context *context, enum DICTIONARY_choice dictionary, struct str code,
                       int32_t date, const char *field, int32_t *ret_number);
/* Something open names it (by = 1) or no longer does (-1): what is in use cannot be retired. A code
 * that is not listed is passed over. */
int dictionary_use(struct context *context, enum DICTIONARY_choice dictionary, struct str code,
                   int32_t by);
int dictionary_use_list(struct context *context, enum DICTIONARY_choice dictionary,
                        const struct list *codes, int32_t by);
/* A row's bytes (of key dictionary, 0, code; without the code): 0, or > 0. */
int dictionary_decode(struct str row, struct dictionary_code *ret_code);
