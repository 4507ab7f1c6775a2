/* The shipped dictionaries as the data of dictionary.entry_set events: what a store has from its
 * first start on. */
#pragma once

#include <stdio.h>

#include "event/dictionaries.h"

static inline void shipped_entries_each(void (*each)(void *context, const char *data),
                                        void *context) {
    for (unsigned d = 0; d < DICTIONARY_COUNT; d++) {
        const struct dictionary_info *info = dictionary_info((enum DICTIONARY_choice)d);
        for (size_t i = 0; i < info->n; i++) {
            const struct dictionary_entry *entry = &info->entries[i];
            char data[512], more[64] = "";
            if (d == DICTIONARY_ACCOUNT)
                snprintf(more, sizeof more, ",\"decimals\":%d,\"may_expire\":%s", entry->decimals,
                         entry->may_expire ? "true" : "false");
            snprintf(data, sizeof data,
                     "{\"dictionary\":\"%s\",\"code\":\"%s\",\"title\":\"%s\"%s}", info->name,
                     entry->code, entry->title, more);
            each(context, data);
        }
    }
}
