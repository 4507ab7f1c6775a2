#include "bus/methods_common.h"

#include <stdio.h>

#include "util/error.h"

/* ---- parameters ---- */

int query_unknown(struct query *query, enum noun noun, const char *parameter, struct str id) {
    const char *name = noun_info(noun)->name;
    int shown = (int)(id.size < EVENT_ID_LIMIT ? id.size : EVENT_ID_LIMIT);
    problem_set(query->problem, PROBLEM_UNKNOWN_NOUN, parameter,
                "no %s \"%.*s\" is known here; see `%s.list` for those that are", name, shown,
                id.data, name);
    query->problem->noun = name;
    return 1;
}

int query_noun(struct query *query, enum noun noun, const char *parameter, uint32_t *ret_number) {
    struct str id = query_text(query, parameter);
    *ret_number = 0;
    if (!id.data)
        return 0;
    int r = thing_find(query->view, noun, id, ret_number);
    return r > 0 ? query_unknown(query, noun, parameter, id) : r;
}

int query_city_region(struct query *query, uint32_t *ret_number) {
    struct str id = str_from(query->city.region);
    int r = thing_find(query->view, NOUN_REGION, id, ret_number);
    return r > 0 ? query_unknown(query, NOUN_REGION, "region", id) : r;
}

int query_word(struct query *query, const char *parameter, const char *const *words, size_t n,
               int *ret_index) {
    struct str word = query_text(query, parameter);
    char list[300];
    size_t size = 0;
    *ret_index = -1;
    if (!word.data)
        return 0;
    for (size_t i = 0; i < n; i++)
        if (str_equal(word, str_from(words[i]))) {
            *ret_index = (int)i;
            return 0;
        }
    for (size_t i = 0; i < n && size < sizeof list; i++)
        size += (size_t)snprintf(list + size, sizeof list - size, "%s%s", i ? ", " : "", words[i]);
    return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, parameter, "%s is one of: %s",
                       parameter, list);
}

int query_choice(struct query *query, const char *parameter, const struct choices *choices,
                 int *ret_index) {
    return query_word(query, parameter, choices->words, choices->n, ret_index);
}

int query_range(struct query *query, const char *parameter, struct range range, int64_t fallback,
                int64_t *ret_value) {
    int64_t value = query_integer(query, parameter, fallback);
    bool given = json_object_get(query->params, parameter) != NULL;
    if (given && (value < range.least || value > range.most))
        return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, parameter,
                           "%s lies between %lld and %lld", parameter, (long long)range.least,
                           (long long)range.most);
    *ret_value = value;
    return 0;
}

/* ---- values ---- */

json_t *json_from_str(struct str text) {
    return text.data ? json_stringn(text.data, text.size) : json_null();
}

json_t *json_from_date(int32_t date, int32_t none) {
    char text[16];
    if (date == none)
        return json_null();
    size_t size = date_format(date, text);
    return json_stringn(text, size);
}

json_t *json_from_time(const struct query *query, int64_t time_us) {
    char text[40];
    int32_t offset_s = zone_offset_at(&query->city.zone, time_us);
    size_t size = time_format(time_us, (int16_t)(offset_s / 60), text);
    return json_stringn(text, size);
}

json_t *json_from_counters(const struct counter_row *row) {
    json_t *stars = json_array();
    json_t *counters = json_object();
    for (unsigned i = 0; i < COUNTER_COUNT; i++) {
        bool star = i >= COUNTER_stars_0 && i <= COUNTER_stars_5;
        if (star)
            json_array_append_new(stars, json_integer(row->value[i]));
        else
            json_object_set_new(counters, counter_name((enum counter)i),
                                json_integer(row->value[i]));
        if (i == COUNTER_stars_5)
            json_object_set_new(counters, "stars", stars);
    }
    return counters;
}

json_t *json_from_struct(const struct fields *fields, const void *data) {
    struct buf text = {0};
    fields_to_json(fields, data, &text);
    json_t *object = query_json(&text);
    buf_deinit(&text);
    return object;
}

json_t *json_from_thing(enum noun noun, const struct thing *thing) {
    const struct fields *fields = thing_type(noun)->fields;
    json_t *object = json_from_struct(fields, thing->attributes);
    json_t *sealed = thing->n_blobs ? json_array() : NULL;
    for (size_t i = 0; i < thing->n_blobs; i++)
        if (thing->blobs[i].field < fields->n)
            json_array_append_new(sealed, json_string(fields->list[thing->blobs[i].field].name));
    if (sealed)
        json_object_set_new(object, "sealed", sealed);
    return object;
}

json_t *json_from_number(struct query *query, enum noun noun, uint32_t number,
                         struct arena *arena) {
    struct str id;
    if (number == 0 || thing_id(query->view, noun, number, arena, &id) != 0)
        return json_null();
    return json_from_str(id);
}

int32_t query_today(struct query *query) {
    struct clock_state clock;
    (void)clock_get(query->view, &clock);
    return zone_date(&query->city.zone, clock.recorded_us);
}

bool region_lies_in(struct query *query, uint32_t region, uint32_t above) {
    uint32_t path[REGION_DEPTH];
    size_t n = region_path(query->view, region, path);
    for (size_t i = 0; i < n; i++)
        if (path[i] == above)
            return true;
    return false;
}

bool text_contains(struct str text, struct str part) {
    return part.size == 0 || (text.size && memmem(text.data, text.size, part.data, part.size));
}

int query_found(int r) {
    return r > 0 ? error_note(-EBADMSG, "a thing that is named has no row") : r;
}

int query_get(struct query *query, enum noun noun,
              int (*describe)(struct query *query, uint32_t number, struct arena *arena,
                              json_t **ret_object),
              json_t **ret_result) {
    uint32_t number;
    int r = query_noun(query, noun, noun_info(noun)->name, &number);
    if (r != 0)
        return r;
    return query_found(describe(query, number, query->arena, ret_result));
}

/* ---- lists ---- */

int page_open(struct query *query, struct page *page) {
    struct str cursor = query_text(query, "cursor");
    int64_t limit;
    memset(page, 0, sizeof *page);
    arena_init(&page->arena);
    page->query = query;
    int r = query_range(query, "limit", (struct range){1, PAGE_LIMIT}, 100, &limit);
    if (r != 0)
        return r;
    page->limit = (size_t)limit;
    page->items = json_array();
    uint64_t after = 0;
    bool valid = cursor.size <= 10;
    for (size_t i = 0; valid && i < cursor.size; i++) {
        valid = cursor.data[i] >= '0' && cursor.data[i] <= '9';
        after = after * 10 + (uint64_t)(cursor.data[i] - '0');
    }
    if (!valid || after >= UINT32_MAX || (cursor.data && cursor.size == 0))
        return problem_set(
            query->problem, PROBLEM_OUT_OF_RANGE, "cursor",
            "a cursor is what `next` of the page before said; leave it out to begin");
    page->after = (uint32_t)after;
    return 0;
}

enum { PAGE_END = 1 };

static int page_look(struct page *page, uint32_t number) {
    if (json_array_size(page->items) >= page->limit || page->n_looked >= PAGE_LOOKED_LIMIT) {
        page->more = true;
        return PAGE_END;
    }
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
    memcpy(key, page->prefix, page->prefix_size);
    number_key(key + page->prefix_size, page->after + 1);
    struct str from = {key, page->prefix_size + 4};
    int r = view_scan(page->query->view, table, from, page_row, page);
    return r == PAGE_END ? 0 : r;
}

int page_table(struct page *page, enum table table) {
    return page_scan(page, table);
}

int page_things(struct page *page, enum noun noun) {
    page->prefix[0] = (char)noun;
    page->prefix_size = 1;
    return page_scan(page, TABLE_THING);
}

int page_numbers(struct page *page, const uint32_t *numbers, size_t n) {
    int r = 0;
    for (size_t i = 0; r == 0 && i < n; i++)
        if (numbers[i] > page->after)
            r = page_look(page, numbers[i]);
    return r == PAGE_END ? 0 : r;
}

int page_close(struct page *page, int r, json_t **ret_result) {
    char next[16];
    if (r == 0) {
        snprintf(next, sizeof next, "%u", page->last);
        json_t *cursor = page->more ? json_string(next) : json_null();
        *ret_result = json_pack("{s:O, s:o}", "items", page->items, "next", cursor);
    }
    json_decref(page->items);
    arena_deinit(&page->arena);
    return r;
}
