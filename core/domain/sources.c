#include "domain/sources.h"

int source_number(struct context *context, struct str source, uint32_t *ret_number) {
    struct str row;
    int r = view_get(context->view, TABLE_SOURCE, source, &row);
    if (r < 0)
        return r;
    if (r == 0 && row.size == sizeof *ret_number) {
        memcpy(ret_number, row.data, sizeof *ret_number);
        return 0;
    }
    *ret_number = number_next(context, "source");
    store_put(context->store, TABLE_SOURCE, source,
              (struct str){(const char *)ret_number, sizeof *ret_number});
    char key[5] = {
        (char)0xff}; /* no source begins with this byte: number -> text, the other way round */
    number_key(key + 1, *ret_number);
    store_put(context->store, TABLE_SOURCE, (struct str){key, sizeof key}, source);
    return 0;
}

int source_text(struct view *view, uint32_t number, struct arena *arena, struct str *ret_source) {
    char key[5] = {(char)0xff};
    struct str row;
    number_key(key + 1, number);
    int r = view_get(view, TABLE_SOURCE, (struct str){key, sizeof key}, &row);
    if (r == 0)
        *ret_source = arena_copy(arena, row);
    return r < 0 ? r : (r ? THING_NOT_FOUND : 0);
}
