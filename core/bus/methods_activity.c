#include "bus/methods.h"
#include "bus/methods_common.h"
#include "domain/activities.h"
#include "domain/dictionaries.h"

static const char *const states[] = {
    [ACTIVITY_PUBLISHED] = "published",
    [ACTIVITY_CANCELLED] = "cancelled",
};
#define N_STATES (sizeof states / sizeof *states)

static int activity_describe(struct query *query, uint32_t number, struct arena *arena,
                             json_t **ret_object) {
    struct thing thing;
    int r = thing_get(query->view, NOUN_ACTIVITY, number, arena, &thing);
    if (r != 0)
        return r;
    json_t *object = json_from_thing(NOUN_ACTIVITY, &thing);
    json_object_set_new(object, "state",
                        json_string(thing.state < N_STATES ? states[thing.state] : "unknown"));
    *ret_object = object;
    return 0;
}

int query_activity_get(struct query *query, json_t **ret_result) {
    return query_get(query, NOUN_ACTIVITY, activity_describe, ret_result);
}

struct activity_filter {
    uint32_t region;
    uint32_t organisation;
    int category; /* -1: any, as below */
    int state;
};

static int list_activity(struct page *page, uint32_t number) {
    const struct activity_filter *filter = page->context;
    struct activity_summary row;
    json_t *item;
    int r = activity_summary(page->query->view, number, &row);
    if (r != 0 || (filter->category >= 0 && row.category != filter->category + 1) ||
        (filter->state >= 0 && row.state != filter->state) ||
        (filter->organisation && row.organisation != filter->organisation) ||
        (filter->region && !region_lies_in(page->query, row.region, filter->region)))
        return r;
    r = activity_describe(page->query, number, &page->arena, &item);
    if (r == 0)
        json_array_append_new(page->items, item);
    return r;
}

static int category_parameter(struct query *query, int *ret_category) {
    const char *codes[DICTIONARY_ENTRIES_LIMIT];
    size_t n = 0;
    struct dictionary_code entry;
    while (n < DICTIONARY_ENTRIES_LIMIT &&
           dictionary_at(query->view, DICTIONARY_CATEGORY, (uint32_t)n, &entry) == 0)
        codes[n++] = arena_string(query->arena, entry.code);
    return query_word(query, "category", codes, n, ret_category);
}

int query_activity_list(struct query *query, json_t **ret_result) {
    struct activity_filter filter;
    struct page page;
    int r = page_open(query, &page);
    page.each = list_activity;
    page.context = &filter;
    if (r == 0)
        r = query_noun(query, NOUN_REGION, "region", &filter.region);
    if (r == 0)
        r = query_noun(query, NOUN_ORGANISATION, "organisation", &filter.organisation);
    if (r == 0)
        r = category_parameter(query, &filter.category);
    if (r == 0)
        r = query_word(query, "state", states, N_STATES, &filter.state);
    if (r == 0)
        r = page_table(&page, TABLE_ACTIVITY);
    return page_close(&page, r, ret_result);
}
