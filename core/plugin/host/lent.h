/* What a plugin is lent: values and texts that live until its callback returns, all let go at once.
 * A vol_value is a jansson value under another name. Threads: the host's one. */
#pragma once

#include <jansson.h>

#include "plugin/volunteer_plugin.h"
#include "util/arena.h"
#include "util/buf.h"

struct lent {
    json_t **values;
    size_t n_values, capacity;
    struct arena texts;
};

void lent_init(struct lent *lent);
/* Everything that was lent becomes invalid. */
void lent_release(struct lent *lent);

/* Takes the reference; NULL gives NULL. */
const struct vol_value *lent_value(struct lent *lent, json_t *value);
/* A copy that ends with NUL. */
const char *lent_text(struct lent *lent, struct str text);

static inline const json_t *value_json(const struct vol_value *value) {
    return (const json_t *)(const void *)value;
}

/* JSON from a plugin or from the daemon: any value, no key twice; NULL where it is none. */
json_t *json_read(const char *text, size_t size);
/* Appends a value as compact text. */
void json_put(struct buf *out, const json_t *value);
/* The text of a member, or "" where it has none. */
const char *json_text(const json_t *object, const char *name);
