#include "thing.h"

#include <stdlib.h>

#include "noun.h"
#include "pages.h"
#include "value.h"

#define OFFERED_MOST 60
#define SHOWN_MOST 10

void things_init(struct things *things, struct call *call) {
    *things = (struct things){.call = call};
}

void things_deinit(struct things *things) {
    json_decref(things->regions);
}

/* The attribute that a thing of this kind is called by; NULL where it has none. */
const char *thing_name_key(const char *noun) {
    const struct noun_view *view = noun_view_find(noun);
    const struct fields *fields = view && view->by_fields ? noun_fields(view) : NULL;
    if (!fields)
        return NULL;
    if (fields_find(fields, STR("name")) != NOT_FOUND_FIELD)
        return "name";
    return fields_find(fields, STR("title")) != NOT_FOUND_FIELD ? "title" : NULL;
}

/* 天水市 › 秦州区 › 大城街道: names alone are not enough, many villages share one. */
static void name_put(const json_t *item, const char *key, struct buf *out) {
    const json_t *path = json_object_get(item, "path");
    for (size_t i = 0; i < json_array_size(path); i++)
        buf_printf(out, "%s%s", i ? " › " : "", text_in(path, i));
    if (out->size == 0 && key)
        buf_put_str(out, str_from(text_at(item, key)));
}

/* Nothing is explained to who only pressed Tab. */
static json_t *list_ask(struct things *things, const char *noun, const char *key,
                        const char *part) {
    json_t *answer = NULL;
    json_auto_t *error = NULL;
    char method[64];
    json_t *params = json_pack("{s:i}", "limit", OFFERED_MOST);
    if (key && *part)
        json_object_set_new(params, key, json_string(part));
    snprintf(method, sizeof method, "%.40s.list", noun);
    if (!client_listens(&things->call->client)) {
        json_decref(params);
        return NULL;
    }
    client_try(&things->call->client, method, params, &answer, &error);
    return answer;
}

/* ---- Tab ---- */

static void items_offer(const json_t *answer, const char *noun, const char *key, const char *typed,
                        struct candidates *candidates) {
    size_t index;
    json_t *item;
    json_array_foreach(json_object_get(answer, "items"), index, item) {
        BUF_AUTO name = {0};
        name_put(item, key, &name);
        candidates_offer(candidates, typed, text_at(item, noun), buf_text(&name));
    }
}

static const json_t *regions_all(struct things *things) {
    if (!things->regions && client_listens(&things->call->client) &&
        pages_read(things->call, "region.list", json_object(), INT64_MAX, &things->regions) != DONE)
        things->regions = NULL;
    return things->regions;
}

void things_offer(struct things *things, const char *noun, const char *typed,
                  struct candidates *candidates) {
    const char *key = thing_name_key(noun);
    if (strcmp(noun, "region") == 0) {
        items_offer(regions_all(things), noun, key, typed, candidates);
    } else if (key) {
        json_auto_t *answer = list_ask(things, noun, key, typed);
        items_offer(answer, noun, key, typed, candidates);
        if (json_array_size(json_object_get(answer, "items")) == 0) { /* it may be an identifier */
            json_auto_t *all = list_ask(things, noun, key, "");
            items_offer(all, noun, key, typed, candidates);
        }
    }
}

/* ---- what was typed ---- */

static void several_print(const struct call *call, const json_t *items, const char *noun,
                          const char *key) {
    struct table *table = table_new(&call->terminal);
    table_column(table, NULL, COLUMN_TEXT);
    table_column(table, NULL, COLUMN_WRAP);
    table_without_headings(table);
    for (size_t i = 0; i < json_array_size(items) && i < SHOWN_MOST; i++) {
        BUF_AUTO id = {0};
        BUF_AUTO name = {0};
        buf_printf(&id, "  %s", text_at(json_array_get(items, i), noun));
        name_put(json_array_get(items, i), key, &name);
        table_row(table, NULL);
        table_text(table, 0, buf_text(&id));
        table_text(table, 1, buf_text(&name));
    }
    table_print(table);
}

static int found(const json_t *item, const char *noun, const char *key, char **ret_id,
                 struct buf *ret_name) {
    name_put(item, key, ret_name);
    *ret_id = strdup(text_at(item, noun));
    if (!*ret_id)
        abort();
    return DONE;
}

static int by_name(struct things *things, const char *noun, const char *typed, char **ret_id,
                   struct buf *ret_name) {
    const char *key = thing_name_key(noun);
    json_auto_t *answer = key ? list_ask(things, noun, key, typed) : NULL;
    const json_t *items = json_object_get(answer, "items");
    if (json_array_size(items) == 1)
        return found(json_array_get(items, 0), noun, key, ret_id, ret_name);
    if (json_array_size(items) == 0)
        print_line(_("there is no such thing: %s"), typed);
    else
        print_line(_("“%s” may be one of several:"), typed);
    several_print(things->call, items, noun, key);
    return REFUSED;
}

int things_find(struct things *things, const char *noun, const char *typed, char **ret_id,
                struct buf *ret_name) {
    json_auto_t *answer = NULL;
    json_auto_t *error = NULL;
    char method[64];
    if (!noun_view_find(noun) || !client_listens(&things->call->client)) {
        *ret_id = strdup(typed);
        return *ret_id ? DONE : UNREACHABLE;
    }
    snprintf(method, sizeof method, "%.40s.get", noun);
    int code =
        client_try(&things->call->client, method, json_pack("{s:s}", noun, typed), &answer, &error);
    if (code != DONE)
        return UNREACHABLE;
    if (answer)
        return found(answer, noun, thing_name_key(noun), ret_id, ret_name);
    return by_name(things, noun, typed, ret_id, ret_name);
}
