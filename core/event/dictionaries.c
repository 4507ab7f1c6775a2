#include "event/dictionaries.h"

#include <assert.h>

#include "util/str.h"

/* Made from conf/dictionaries at build time: one array <name>_entries for each file. */
#include "shipped_dictionaries.h"

#define SHIPPED(dictionary, text, title, is_open, array)                                           \
    [DICTIONARY_##dictionary] = {text, title, is_open, sizeof(array) / sizeof *(array), array}

static const struct dictionary_info dictionaries[DICTIONARY_COUNT] = {
    SHIPPED(CATEGORY, "category", "服务类别", false, category_entries),
    SHIPPED(DOMAIN, "domain", "服务领域", false, domain_entries),
    SHIPPED(OUTCOME, "outcome", "服务成效", false, outcome_entries),
    SHIPPED(SERVED_GROUP, "served_group", "服务对象", false, served_group_entries),
    SHIPPED(ROLE, "role", "服务角色", true, role_entries),
    SHIPPED(SKILL, "skill", "服务技能", true, skill_entries),
    SHIPPED(OCCUPATION, "occupation", "职业", true, occupation_entries),
    SHIPPED(EDUCATION, "education", "学历", true, education_entries),
    SHIPPED(ACCOUNT, "account", "积分账户", false, account_entries),
    SHIPPED(HONOUR_CLASS, "honour_class", "表彰类别", false, honour_class_entries),
    SHIPPED(PURPOSE, "purpose", "授权用途", false, purpose_entries),
};

const struct dictionary_info *dictionary_info(enum DICTIONARY_choice dictionary) {
    assert(dictionary < DICTIONARY_COUNT);
    return &dictionaries[dictionary];
}

int dictionary_shipped(enum DICTIONARY_choice dictionary, struct str code) {
    const struct dictionary_info *info = dictionary_info(dictionary);
    for (size_t i = 0; i < info->n; i++)
        if (str_equal(str_from(info->entries[i].code), code))
            return (int)i;
    return -1;
}
