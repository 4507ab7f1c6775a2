#include "plugin/host/lent.h"

#include <stdlib.h>

#include "util/memory.h"

void lent_init(struct lent *lent) {
    *lent = (struct lent){0};
    arena_init(&lent->texts);
}

void lent_release(struct lent *lent) {
    for (size_t i = 0; i < lent->n_values; i++)
        json_decref(lent->values[i]);
    lent->n_values = 0;
    if (lent->texts.used_bytes)
        arena_reset(&lent->texts);
}

const struct vol_value *lent_value(struct lent *lent, json_t *value) {
    if (!value)
        return NULL;
    if (lent->n_values == lent->capacity) {
        lent->capacity = lent->capacity ? lent->capacity * 2 : 64;
        lent->values = memory_checked(realloc(lent->values, lent->capacity * sizeof *lent->values));
    }
    lent->values[lent->n_values++] = value;
    return (const struct vol_value *)(const void *)value;
}

const char *lent_text(struct lent *lent, struct str text) {
    return arena_string(&lent->texts, text);
}

json_t *json_read(const char *text, size_t size) {
    return text ? json_loadb(text, size, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL) : NULL;
}

static int put(const char *bytes, size_t size, void *out) {
    buf_put(out, bytes, size);
    return 0;
}

void json_put(struct buf *out, const json_t *value) {
    json_dump_callback(value, put, out, JSON_COMPACT | JSON_ENCODE_ANY);
}

const char *json_text(const json_t *object, const char *name) {
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}
