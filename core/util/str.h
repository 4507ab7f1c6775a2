/* Borrowed bytes with a length. Never owns, never needs a terminating zero; may hold zeros. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
    const char *data;
    size_t size;
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
#define STR_NONE ((struct str){NULL, 0})
/* For printf("%.*s", STR_ARG(s)). */
#define STR_ARG(s) (int)(s).size, (s).data

static inline struct str str_from(const char *zero_terminated) {
    struct str s = {zero_terminated, zero_terminated ? strlen(zero_terminated) : 0};
    return s;
}

static inline bool str_equal(struct str a, struct str b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline int str_compare(struct str a, struct str b) {
    size_t n = a.size < b.size ? a.size : b.size;
    int order = n ? memcmp(a.data, b.data, n) : 0;
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

static inline bool str_starts_with(struct str s, struct str prefix) {
    return s.size >= prefix.size &&
           (prefix.size == 0 || memcmp(s.data, prefix.data, prefix.size) == 0);
}

/* Bytes of the well-formed UTF-8 character that s begins with, 0 where it begins with none. */
size_t str_utf8_size(struct str s);

/* The candidate nearest to `word` by edit distance, or NULL where none is near enough to be meant.
 * For "did you mean": candidates is an array of n zero-terminated strings. Case is not a
 * difference, a swap of two neighbours is one. */
const char *str_nearest(struct str word, const char *const *candidates, size_t n);
