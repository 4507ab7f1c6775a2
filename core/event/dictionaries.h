/* The dictionaries of CATALOGUE as they are shipped (conf/dictionaries/<name>.csv, compiled in): what the first start
 * loads by event, and the words that commands complete and print where no daemon says otherwise. What a city has is in
 * its state: domain/dictionaries.h. Threads: constant data. */
#pragma once

#include "event/choices.h"

struct dictionary_entry {
    const char *code;
    const char *title;
    int decimals;    /* of accounts */
    bool may_expire; /* of accounts */
};

struct dictionary_info {
    const char *name;
    const char *label;
    bool open; /* any text may stand where the city has not listed its own */
    size_t n;
    const struct dictionary_entry *entries;
};

const struct dictionary_info *dictionary_info(enum DICTIONARY_choice dictionary);
/* Place among the shipped entries, or -1. */
int dictionary_shipped(enum DICTIONARY_choice dictionary, struct str code);
