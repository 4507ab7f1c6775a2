/* Lists that page: methods_common.h. */
#include "bus/methods_common.h"

#include <stdio.h>

int page_open(struct query *query, struct page *page) {
    int64_t limit;
    memset(page, 0, sizeof *page);
    arena_init(&page->arena);
    page->query = query;
    int r = query_range(query, "limit", (struct range){1, PAGE_LIMIT}, 100, &limit);
    if (r != 0)
        return r;
    page->limit = (size_t)limit;
    page->items = json_array();
    return 0;
}

static int bad_cursor(struct query *query) {
    return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "cursor",
                       "a cursor is what `next` of the page before said; leave it out to begin");
}

static int read_number(struct page *page, uint32_t *ret_after) {
    struct str cursor = query_text(page->query, "cursor");
    uint64_t after = 0;
    bool valid = cursor.size <= 10;
    for (size_t i = 0; valid && i < cursor.size; i++) {
        valid = cursor.data[i] >= '0' && cursor.data[i] <= '9';
        after = after * 10 + (uint64_t)(cursor.data[i] - '0');
    }
    if (!valid || after >= UINT32_MAX || (cursor.data && cursor.size == 0))
        return bad_cursor(page->query);
    *ret_after = (uint32_t)after;
    return 0;
}

enum { PAGE_END = 1 };

static bool is_full(struct page *page) {
    page->more |=
        json_array_size(page->items) >= page->limit || page->n_looked >= PAGE_LOOKED_LIMIT;
    return page->more;
}

static int page_look(struct page *page, uint32_t number) {
    if (is_full(page))
        return PAGE_END;
    arena_reset(&page->arena);
    page->n_looked++;
    page->last = number;
    return query_found(page->each(page, number));
}

static int page_row(void *context, struct str key, struct str row) {
    struct page *page = context;
    struct cursor in = cursor_from(key);
    struct str prefix = cursor_take(&in, page->prefix_size);
    (void)row;
    if (in.failed || cursor_left(&in) != sizeof(uint32_t) ||
        !str_equal(prefix, (struct str){page->prefix, page->prefix_size}))
        return PAGE_END;
    return page_look(page, cursor_u32_sorted(&in));
}

static int page_scan(struct page *page, enum table table) {
    char key[sizeof page->prefix + 4];
    uint32_t after;
    int r = read_number(page, &after);
    if (r != 0)
        return r;
    memcpy(key, page->prefix, page->prefix_size);
    number_key(key + page->prefix_size, after + 1);
    struct str from = {key, page->prefix_size + 4};
    r = view_scan(page->query->view, table, from, page_row, page);
    return r == PAGE_END ? 0 : r;
}

int page_table(struct page *page, enum table table) {
    return page_scan(page, table);
}

int page_things(struct page *page, enum noun noun) {
    page->prefix[0] = (char)noun;
    page->prefix_size = 1;
    return page_scan(page, thing_table(noun));
}

int page_numbers(struct page *page, const uint32_t *numbers, size_t n) {
    uint32_t after;
    int r = read_number(page, &after);
    if (r != 0)
        return r;
    for (size_t i = 0; r == 0 && i < n; i++)
        if (numbers[i] > after)
            r = page_look(page, numbers[i]);
    return r == PAGE_END ? 0 : r;
}

/* ---- keys of any form: the cursor is the last one, in hexadecimal ---- */

static int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The first key after the cursor: its own with a zero byte behind it. */
static int read_key(struct page *page, struct str prefix, char key[static PAGE_KEY_BYTES + 1],
                    size_t *ret_size) {
    struct str cursor = query_text(page->query, "cursor");
    size_t size = cursor.size / 2;
    if (!cursor.data) {
        memcpy(key, prefix.data, prefix.size);
        *ret_size = prefix.size;
        return 0;
    }
    bool valid = cursor.size >= 2 && cursor.size % 2 == 0 && size <= PAGE_KEY_BYTES;
    for (size_t i = 0; valid && i < size; i++) {
        int high = hex_digit(cursor.data[2 * i]), low = hex_digit(cursor.data[2 * i + 1]);
        valid = high >= 0 && low >= 0;
        key[i] = (char)(uint8_t)(valid ? high << 4 | low : 0);
    }
    if (!valid || !str_starts_with((struct str){key, size}, prefix))
        return bad_cursor(page->query);
    key[size] = 0;
    *ret_size = size + 1;
    return 0;
}

static int page_any_row(void *context, struct str key, struct str row) {
    struct page *page = context;
    if (!str_starts_with(key, (struct str){page->prefix, page->prefix_size}) ||
        key.size > PAGE_KEY_BYTES || is_full(page))
        return PAGE_END;
    arena_reset(&page->arena);
    page->n_looked++;
    memcpy(page->last_key, key.data, key.size);
    page->last_key_size = key.size;
    return query_found(page->each_row(page, key, row));
}

int page_rows(struct page *page, enum table table, struct str prefix) {
    char key[PAGE_KEY_BYTES + 1];
    size_t size = 0;
    if (!prefix.data)
        prefix = STR("");
    memcpy(page->prefix, prefix.data, prefix.size);
    page->prefix_size = prefix.size;
    int r = read_key(page, prefix, key, &size);
    if (r != 0)
        return r;
    r = view_scan(page->query->view, table, size ? (struct str){key, size} : STR_NONE, page_any_row,
                  page);
    return r == PAGE_END ? 0 : r;
}

static json_t *next_cursor(const struct page *page) {
    char text[2 * PAGE_KEY_BYTES + 1];
    if (!page->more)
        return json_null();
    snprintf(text, sizeof text, "%u", page->last);
    for (size_t i = 0; i < page->last_key_size; i++)
        snprintf(text + 2 * i, 3, "%02x", (unsigned)(uint8_t)page->last_key[i]);
    return json_string(text);
}

int page_close(struct page *page, int r, json_t **ret_result) {
    if (r == 0)
        *ret_result = json_pack("{s:O, s:o}", "items", page->items, "next", next_cursor(page));
    json_decref(page->items);
    arena_deinit(&page->arena);
    return r;
}
