#include "domain/sources.h"

#include "domain/hot.h"

static const struct hot_kind sources = HOT_PLAIN(TABLE_SOURCE, uint32_t);

int source_find(struct view *view, struct str source, uint32_t *ret_number) {
    int r = hot_read(view, &sources, source, ret_number);
    return r > 0 ? THING_NOT_FOUND : r;
}

int source_number(struct context *context, struct str source, uint32_t *ret_number) {
    void *value;
    int r = source_find(context->view, source, ret_number);
    if (r <= 0)
        return r;
    r = hot_change(context, &sources, source, &value);
    if (r < 0)
        return r;
    *ret_number = number_next(context, "source");
    memcpy(value, ret_number, sizeof *ret_number);
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
