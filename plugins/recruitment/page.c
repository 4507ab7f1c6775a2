/* A page of the platform, as the contract says it is. */
#include <stdio.h>
#include <string.h>

#include "pull.h"

#define PAGE_MOST 500
#define MODIFIED_MOST (INT64_C(1) << 48)

static bool is_external(const json_t *value) {
    const char *id = json_string_value(value);
    size_t size = id ? strlen(id) : 0;
    if (size == 0 || size > EXTERNAL_MOST || strchr("._-", *id))
        return false;
    return strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == size;
}

static const char *wrong_member(const json_t *item) {
    const char *state = json_string_value(json_object_get(item, "state"));
    const json_t *modified = json_object_get(item, "modified");
    if (!json_is_object(item))
        return "is no object";
    if (!is_external(json_object_get(item, "id")))
        return "has no id of 1 to 40 letters, digits or . _ -";
    if (!json_is_integer(modified) || json_integer_value(modified) < 0 ||
        json_integer_value(modified) >= MODIFIED_MOST)
        return "has no modified in whole milliseconds";
    if (!state || (strcmp(state, "updated") != 0 && strcmp(state, "deleted") != 0))
        return "has a state that is neither updated nor deleted";
    if (*state == 'u' && !json_is_object(json_object_get(item, "data")))
        return "has no data";
    return NULL;
}

bool items_are_right(const json_t *items, char *ret_message, size_t size) {
    const json_t *item;
    size_t i;
    if (!json_is_array(items) || json_array_size(items) > PAGE_MOST) {
        snprintf(ret_message, size, "there is no list of at most %d items", PAGE_MOST);
        return false;
    }
    json_array_foreach(items, i, item) {
        const char *wrong = wrong_member(item);
        if (!wrong)
            continue;
        snprintf(ret_message, size, "items[%zu] %s", i, wrong);
        return false;
    }
    return true;
}

json_t *page_items(const json_t *page, char *ret_message, size_t size) {
    json_t *items = json_object_get(page, "items");
    return items_are_right(items, ret_message, size) ? items : NULL;
}
