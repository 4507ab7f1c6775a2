#include "domain/day_lists.h"

/* The day, turned so that earlier days come first, n u32. */
static struct str list_key(char key[static 8], int32_t date, uint32_t n) {
    number_key(key, (uint32_t)date ^ UINT32_C(0x80000000));
    number_key(key + 4, n);
    return (struct str){key, 8};
}

static int value_get(struct view *view, enum table table, int32_t date, uint32_t n,
                     uint32_t *ret_value) {
    char key[8];
    return fixed_row_get(view, table, list_key(key, date, n), sizeof *ret_value,
                         "a row of a day's list cannot be read", ret_value);
}

int day_list_count(struct view *view, enum table table, int32_t date, uint32_t *ret_n) {
    int r = value_get(view, table, date, 0, ret_n);
    if (r > 0)
        *ret_n = 0;
    return r < 0 ? r : 0;
}

int day_list_get(struct view *view, enum table table, int32_t date, uint32_t n,
                 uint32_t *ret_number) {
    return value_get(view, table, date, n, ret_number);
}

/* 0: no row. */
static void value_put(struct context *context, enum table table, int32_t date, uint32_t n,
                      uint32_t value) {
    char key[8];
    store_put(context->store, table, list_key(key, date, n),
              value ? (struct str){(const char *)&value, sizeof value} : STR_NONE);
}

int day_list_add(struct context *context, enum table table, int32_t date, uint32_t number) {
    uint32_t n;
    int r = day_list_count(context->view, table, date, &n);
    if (r != 0)
        return r;
    value_put(context, table, date, n + 1, number);
    value_put(context, table, date, 0, n + 1);
    return 0;
}

void day_list_drop(struct context *context, enum table table, int32_t date, uint32_t from,
                   uint32_t to, bool done) {
    for (uint32_t n = from + 1; n <= to; n++)
        value_put(context, table, date, n, 0);
    if (done)
        value_put(context, table, date, 0, 0);
}
