/* What regions and organisations were on past days. */
#include "domain/past.h"
#include "domain/things.h"
#include "util/error.h"

bool thing_has_past(enum noun noun) {
    return noun == NOUN_REGION || noun == NOUN_ORGANISATION;
}

bool thing_stood_at(struct view *view, enum noun noun, uint32_t number, int32_t at) {
    char key[THING_KEY_BYTES];
    struct str row;
    return number && view_get(view, thing_table(noun), thing_key(key, noun, number), &row) == 0 &&
           row_days(row).changed_on <= at;
}

int thing_get_at(struct view *view, enum noun noun, uint32_t number, int32_t at,
                 struct arena *arena, struct thing *ret_thing) {
    char bytes[THING_KEY_BYTES];
    struct str row, key = thing_key(bytes, noun, number);
    int r = number ? view_get(view, thing_table(noun), key, &row) : STORE_NOT_FOUND;
    if (r == 0 && thing_has_past(noun))
        r = past_find(view, TABLE_THING_PAST, key, at, &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    r = thing_decode(noun, arena_copy(arena, row), arena, ret_thing);
    return r == THING_DAMAGED ? error_note(-EBADMSG, "a thing's row cannot be read") : r;
}
