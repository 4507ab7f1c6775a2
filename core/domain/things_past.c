/* What regions and organisations were on past days. */
#include "domain/things.h"
#include "util/error.h"

/* noun u8, number u32 */
#define THING_KEY_BYTES 5
/* ... and the day it was last changed on, turned round, so that later days come first. */
#define PAST_KEY_BYTES 9

bool thing_has_past(enum noun noun) {
    return noun == NOUN_REGION || noun == NOUN_ORGANISATION;
}

static struct str past_key(char key[static PAST_KEY_BYTES], enum noun noun, uint32_t number,
                           int32_t date) {
    key[0] = (char)noun;
    number_key(key + 1, number);
    number_key(key + THING_KEY_BYTES, UINT32_MAX - ((uint32_t)date ^ UINT32_C(0x80000000)));
    return (struct str){key, PAST_KEY_BYTES};
}

/* The days at the head of a row. */
static struct thing days_of(struct str row) {
    struct cursor in = cursor_from(row);
    struct thing thing = {.changed_on = (int32_t)cursor_signed(&in)};
    thing.kept_on = (int32_t)cursor_signed(&in);
    return thing;
}

void thing_keep_past(struct context *context, enum noun noun, uint32_t number,
                     struct thing *thing) {
    char key[PAST_KEY_BYTES];
    struct str row;
    thing->changed_on = context_today(context);
    thing->kept_on = 0;
    (void)past_key(key, noun, number, 0);
    if (view_get(context->view, TABLE_THING, (struct str){key, THING_KEY_BYTES}, &row) != 0)
        return;
    struct thing before = days_of(row);
    thing->kept_on = before.kept_on;
    if (before.changed_on >= thing->changed_on)
        return;
    store_put(context->store, TABLE_THING_PAST, past_key(key, noun, number, before.changed_on),
              row);
    thing->kept_on = before.changed_on;
}

struct past_search {
    struct str prefix;
    struct str row; /* found */
};

static int take_first(void *context, struct str key, struct str row) {
    struct past_search *search = context;
    if (key.size == PAST_KEY_BYTES &&
        memcmp(key.data, search->prefix.data, search->prefix.size) == 0)
        search->row = row;
    return 1;
}

/* A reader looks once; the engine, whose view cannot search, goes back change by change. */
static int find_past(struct view *view, enum noun noun, uint32_t number, int32_t at,
                     struct str *row) {
    char key[PAST_KEY_BYTES];
    if (view_can_scan(view)) {
        char from[PAST_KEY_BYTES];
        struct past_search search = {.prefix = {key, THING_KEY_BYTES}};
        (void)past_key(key, noun, number, at);
        int r = view_scan(view, TABLE_THING_PAST, past_key(from, noun, number, at), take_first,
                          &search);
        *row = search.row;
        return r < 0 ? r : (search.row.size ? 0 : THING_NOT_FOUND);
    }
    while (days_of(*row).changed_on > at) {
        int32_t kept_on = days_of(*row).kept_on;
        int r = kept_on
                    ? view_get(view, TABLE_THING_PAST, past_key(key, noun, number, kept_on), row)
                    : STORE_NOT_FOUND;
        if (r != 0)
            return r < 0 ? r : THING_NOT_FOUND;
    }
    return 0;
}

bool thing_stood_at(struct view *view, enum noun noun, uint32_t number, int32_t at) {
    char key[PAST_KEY_BYTES];
    struct str row;
    (void)past_key(key, noun, number, 0);
    return number && view_get(view, TABLE_THING, (struct str){key, THING_KEY_BYTES}, &row) == 0 &&
           days_of(row).changed_on <= at;
}

int thing_get_at(struct view *view, enum noun noun, uint32_t number, int32_t at,
                 struct arena *arena, struct thing *ret_thing) {
    char key[PAST_KEY_BYTES];
    struct str row;
    (void)past_key(key, noun, number, 0);
    int r = number ? view_get(view, TABLE_THING, (struct str){key, THING_KEY_BYTES}, &row)
                   : STORE_NOT_FOUND;
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (thing_has_past(noun) && days_of(row).changed_on > at)
        r = find_past(view, noun, number, at, &row);
    if (r != 0)
        return r;
    r = thing_decode(noun, arena_copy(arena, row), arena, ret_thing);
    return r == THING_DAMAGED ? error_note(-EBADMSG, "a thing's row cannot be read") : r;
}
