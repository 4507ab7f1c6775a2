#include "pages.h"

#include "progress.h"
#include "value.h"

#define PAGE_ITEMS 1000

/* Moves a page's items over; false where the page is no page. */
static bool page_add(json_t *all, const json_t *page) {
    const json_t *items = json_object_get(page, "items");
    if (!json_is_array(items))
        return false;
    json_t *list = json_object_get(all, "items");
    size_t index;
    json_t *item;
    json_array_foreach(items, index, item) json_array_append(list, item);
    json_t *next = json_object_get(page, "next");
    json_object_set(all, "next", next ? next : json_null());
    json_object_set(all, "sequence", json_object_get(page, "sequence"));
    return true;
}

static json_t *page_params(const json_t *params, const json_t *cursor, int64_t limit) {
    json_t *copy = json_deep_copy(params);
    json_object_set_new(copy, "limit",
                        json_integer(limit < PAGE_ITEMS ? (json_int_t)limit : PAGE_ITEMS));
    if (cursor && !json_is_null(cursor))
        json_object_set_new(copy, "cursor", json_deep_copy(cursor));
    return copy;
}

int pages_read(struct call *call, const char *method, json_t *params, int64_t limit,
               json_t **ret_result) {
    json_auto_t *asked = params;
    json_t *all = json_pack("{s:[], s:n, s:i}", "items", "next", "sequence", 0);
    struct progress progress;
    char detail[TEXT_SIZE];
    int code = DONE;
    progress_begin(&progress, &call->terminal, _("reading"));
    while (code == DONE) {
        json_auto_t *page = NULL;
        size_t n = json_array_size(json_object_get(all, "items"));
        code =
            client_ask(&call->client, method,
                       page_params(asked, json_object_get(all, "next"), limit - (int64_t)n), &page);
        if (code == DONE && !page_add(all, page))
            code = complain_json(call->json, REFUSED, NULL,
                                 _("the daemon answered %s without a list."), method);
        size_t n_now = json_array_size(json_object_get(all, "items"));
        if (!has_at(all, "next") || (int64_t)n_now >= limit || n_now == n)
            break;
        progress_update(&progress, (int64_t)n_now, 0, number_text((int64_t)n_now, true, detail));
    }
    progress_end(&progress);
    if (code != DONE)
        json_decref(all);
    else
        *ret_result = all;
    return code;
}

void pages_note_rest(const struct call *call, const json_t *result) {
    if (has_at(result, "next") && call->terminal.error)
        note(_("There is more: --limit N shows N, --limit 0 all."));
}
