#include "domain/past.h"

#include <assert.h>

#include "domain/things.h"

#define KEY_BYTES (PAST_KEY_LIMIT + 4)

static struct str past_key(char bytes[static KEY_BYTES], struct str key, int32_t date) {
    assert(key.size <= PAST_KEY_LIMIT);
    memcpy(bytes, key.data, key.size);
    number_key(bytes + key.size, UINT32_MAX - ((uint32_t)date ^ UINT32_C(0x80000000)));
    return (struct str){bytes, key.size + 4};
}

struct row_days row_days(struct str row) {
    struct cursor in = cursor_from(row);
    struct row_days days = {.changed_on = (int32_t)cursor_signed(&in)};
    days.kept_on = (int32_t)cursor_signed(&in);
    return days;
}

struct row_days past_keep(struct context *context, enum table past, struct str key,
                          struct str row) {
    char bytes[KEY_BYTES];
    int32_t today = context_today(context);
    if (row.size == 0)
        return (struct row_days){today, 0};
    struct row_days before = row_days(row);
    if (before.changed_on >= today)
        return (struct row_days){today, before.kept_on};
    store_put(context->store, past, past_key(bytes, key, before.changed_on), row);
    return (struct row_days){today, before.changed_on};
}

struct past_search {
    struct str key;
    struct str row; /* found; size 0: none */
};

static int take_first(void *context, struct str key, struct str row) {
    struct past_search *search = context;
    if (key.size == search->key.size + 4 &&
        memcmp(key.data, search->key.data, search->key.size) == 0)
        search->row = row;
    return 1;
}

/* A reader looks once; the engine, whose view cannot search, goes back change by change: it asks
 * for the day that has just ended. */
int past_find(struct view *view, enum table past, struct str key, int32_t at, struct str *row) {
    char bytes[KEY_BYTES];
    struct row_days days = row_days(*row);
    if (days.changed_on > at && view_can_scan(view)) {
        struct past_search search = {.key = key};
        int r = view_scan(view, past, past_key(bytes, key, at), take_first, &search);
        *row = search.row;
        return r < 0 ? r : (search.row.size ? 0 : PAST_NONE);
    }
    for (; days.changed_on > at; days = row_days(*row)) {
        int r = days.kept_on ? view_get(view, past, past_key(bytes, key, days.kept_on), row)
                             : STORE_NOT_FOUND;
        if (r != 0)
            return r < 0 ? r : PAST_NONE;
    }
    return 0;
}
