#include "store/table.h"

#include <assert.h>

static const char *const names[TABLE_COUNT] = {
#define T(name, text) [TABLE_##name] = text,
    TABLES(T)
#undef T
};

const char *table_name(enum table table) {
    assert(table < TABLE_COUNT);
    return names[table];
}

enum table table_find(struct str name) {
    unsigned table = 0;
    while (table < TABLE_COUNT && !str_equal(str_from(names[table]), name))
        table++;
    return (enum table)table;
}
