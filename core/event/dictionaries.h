/* The dictionaries of CATALOGUE: lists of codes that events name in fields of kind CODE.
 * An entry's number is its place in the list and is for ever: totals are kept by it. */
#pragma once

#include "util/str.h"

#define DICTIONARIES(D)                                                                                                \
    D(CATEGORY, "category", "服务类别") D(DOMAIN, "domain", "服务领域") D(OUTCOME, "outcome", "服务成效")              \
    D(SERVED_GROUP, "served_group", "服务对象") D(ROLE, "role", "服务角色") D(SKILL, "skill", "服务技能")              \
    D(OCCUPATION, "occupation", "职业") D(EDUCATION, "education", "学历")

enum dictionary {
#define D(name, word, label) DICTIONARY_##name,
    DICTIONARIES(D)
#undef D
        DICTIONARY_COUNT
};

struct dictionary_entry {
    const char *code;
    const char *title;
};

struct dictionary_info {
    const char *name;
    const char *label;
    bool open; /* any text may stand where the city has not listed its own */
    size_t n;
    const struct dictionary_entry *entries;
};

const struct dictionary_info *dictionary_info(enum dictionary dictionary);
/* The entry's number, or -1. */
int dictionary_find(enum dictionary dictionary, struct str code);
