/* get and list of every noun whose attributes the state keeps: see thing_view.h. */
#include "bus/methods.h"
#include "bus/methods_common.h"
#include "bus/thing_view.h"

static int put_state(struct query *query, uint32_t number, const struct thing *thing,
                     const struct thing_view *view, json_t *object) {
    unsigned state = thing->state;
    int r = view->state ? view->state(query, number, thing, &state) : 0;
    if (r == 0 && view->n_states)
        json_object_set_new(object, "state",
                            json_string(state < view->n_states ? view->states[state] : "unknown"));
    return r;
}

static json_t *attributes_json(struct query *query, enum noun noun, struct thing *thing,
                               const struct thing_view *view, struct arena *arena) {
    const struct fields *fields = thing_type(noun)->fields;
    struct data *head = thing->attributes;
    uint64_t present = head->present;
    for (size_t i = 0; view->withheld && i < fields->n; i++)
        if (!strcmp(fields->list[i].name, view->withheld))
            head->present &= ~(UINT64_C(1) << i);
    json_t *object = json_from_thing(query, noun, thing, arena);
    head->present = present;
    return object;
}

static int thing_describe(struct query *query, enum noun noun, uint32_t number, struct thing *thing,
                          struct arena *arena, bool whole, json_t **ret_object) {
    const struct thing_view *view = thing_view(noun);
    json_t *object = attributes_json(query, noun, thing, view, arena);
    int r = put_state(query, number, thing, view, object);
    if (r == 0 && view->extras)
        r = view->extras(query, number, thing, arena, object);
    if (r == 0 && whole && view->details)
        r = view->details(query, number, thing, arena, object);
    if (r == 0)
        *ret_object = object;
    else
        json_decref(object);
    return query_found(r);
}

int thing_show_number(struct query *query, enum noun noun, uint32_t number, json_t **ret_object) {
    struct thing thing;
    int r = query_found(thing_get(query->view, noun, number, query->arena, &thing));
    return r == 0 ? thing_describe(query, noun, number, &thing, query->arena, false, ret_object)
                  : r;
}

int query_thing_get(struct query *query, json_t **ret_result) {
    enum noun noun = query->method->noun;
    struct thing thing;
    uint32_t number;
    int r = query_noun(query, noun, noun_info(noun)->name, &number);
    if (r == 0)
        r = query_found(thing_get(query->view, noun, number, query->arena, &thing));
    return r == 0 ? thing_describe(query, noun, number, &thing, query->arena, true, ret_result) : r;
}

struct thing_list {
    size_t n;
    struct thing_filter filters[THING_FILTERS];
};

static int list_thing(struct page *page, uint32_t number) {
    struct query *query = page->query;
    const struct thing_list *list = page->context;
    enum noun noun = query->method->noun;
    const struct thing_view *view = thing_view(noun);
    struct thing thing;
    bool takes = true;
    json_t *item;
    int r = view->is_asked_for ? view->is_asked_for(query, number, &takes) : 0;
    if (r == 0 && takes)
        r = thing_get(query->view, noun, number, &page->arena, &thing);
    for (size_t i = 0; r == 0 && takes && i < list->n; i++)
        r = thing_filter_takes(query, &list->filters[i], number, &thing, &takes);
    if (r != 0 || !takes)
        return r;
    r = thing_describe(query, noun, number, &thing, &page->arena, false, &item);
    if (r == 0)
        json_array_append_new(page->items, item);
    return r;
}

static int list_ordered(struct page *page, struct str key, struct str row) {
    (void)row;
    return list_thing(page, thing_view(page->query->method->noun)->ordered(key));
}

int query_thing_list(struct query *query, json_t **ret_result) {
    const struct thing_view *view = thing_view(query->method->noun);
    struct thing_list list;
    struct page page;
    int r = page_open(query, &page);
    page.each = list_thing;
    page.each_row = list_ordered;
    page.context = &list;
    list.n = thing_filters(query->method->noun, list.filters);
    for (size_t i = 0; r == 0 && i < list.n; i++)
        r = thing_filter_read(query, &list.filters[i]);
    if (r == 0)
        r = view->ordered ? page_rows(&page, view->order, STR_NONE)
                          : page_things(&page, query->method->noun);
    return page_close(&page, r, ret_result);
}
