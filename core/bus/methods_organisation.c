#include "bus/methods.h"
#include "bus/methods_common.h"
#include "domain/organisations.h"

static int organisation_describe(struct query *query, uint32_t number, struct arena *arena,
                                 json_t **ret_object) {
    struct thing thing;
    struct counter_row counters;
    int r = thing_get(query->view, NOUN_ORGANISATION, number, arena, &thing);
    if (r == 0)
        r = counter_get(query->view, COUNTER_NOW, NOUN_ORGANISATION, number, &counters);
    if (r != 0)
        return r;
    json_t *object = json_from_thing(NOUN_ORGANISATION, &thing);
    json_object_set_new(object, "counters", json_from_counters(&counters));
    *ret_object = object;
    return 0;
}

int query_organisation_get(struct query *query, json_t **ret_result) {
    return query_get(query, NOUN_ORGANISATION, organisation_describe, ret_result);
}

struct organisation_filter {
    uint32_t region;
    int kind; /* -1: any */
    struct str name;
};

static int list_organisation(struct page *page, uint32_t number) {
    const struct organisation_filter *filter = page->context;
    struct view *view = page->query->view;
    struct organisation_defined organisation;
    uint32_t region;
    int r = organisation_attributes(view, number, &page->arena, &organisation);
    if (r != 0 || (filter->kind >= 0 && organisation.kind != filter->kind) ||
        !text_contains(organisation.name, filter->name))
        return r;
    if (filter->region) {
        r = thing_find(view, NOUN_REGION, organisation.region, &region);
        if (r != 0 || !region_lies_in(page->query, region, filter->region))
            return r < 0 ? r : 0;
    }
    json_t *item;
    r = organisation_describe(page->query, number, &page->arena, &item);
    if (r == 0)
        json_array_append_new(page->items, item);
    return r;
}

int query_organisation_list(struct query *query, json_t **ret_result) {
    struct organisation_filter filter = {.name = query_text(query, "name")};
    struct page page;
    int r = page_open(query, &page);
    page.each = list_organisation;
    page.context = &filter;
    if (r == 0)
        r = query_noun(query, NOUN_REGION, "region", &filter.region);
    if (r == 0)
        r = query_choice(query, "kind", &ORGANISATION_KIND_choices, &filter.kind);
    if (r == 0)
        r = page_things(&page, NOUN_ORGANISATION);
    return page_close(&page, r, ret_result);
}
