#include "util/str.h"

/* Longer words are nobody's typing error, and the rows below stay on the stack. */
#define NEAREST_MAX 64

struct utf8_lead {
    uint8_t first, last; /* lead bytes of this row */
    uint8_t size;        /* of the whole character */
    uint8_t second_min,
        second_max; /* keeps out overlong forms, surrogates and what lies beyond U+10FFFF */
};

static const struct utf8_lead utf8_leads[] = {
    {0xC2, 0xDF, 2, 0x80, 0xBF}, {0xE0, 0xE0, 3, 0xA0, 0xBF}, {0xE1, 0xEC, 3, 0x80, 0xBF},
    {0xED, 0xED, 3, 0x80, 0x9F}, {0xEE, 0xEF, 3, 0x80, 0xBF}, {0xF0, 0xF0, 4, 0x90, 0xBF},
    {0xF1, 0xF3, 4, 0x80, 0xBF}, {0xF4, 0xF4, 4, 0x80, 0x8F},
};

static bool utf8_matches(const struct utf8_lead *lead, const uint8_t *bytes, size_t left) {
    if (left < lead->size || bytes[1] < lead->second_min || bytes[1] > lead->second_max)
        return false;
    for (size_t i = 2; i < lead->size; i++)
        if ((bytes[i] & 0xC0) != 0x80)
            return false;
    return true;
}

size_t str_utf8_size(struct str s) {
    const uint8_t *bytes = (const uint8_t *)s.data;
    if (s.size == 0)
        return 0;
    if (bytes[0] < 0x80)
        return 1;
    for (size_t i = 0; i < sizeof utf8_leads / sizeof *utf8_leads; i++)
        if (bytes[0] >= utf8_leads[i].first && bytes[0] <= utf8_leads[i].last)
            return utf8_matches(&utf8_leads[i], bytes, s.size) ? utf8_leads[i].size : 0;
    return 0;
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t smaller(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Edits from a to b, both at most NEAREST_MAX: insert, drop, replace, swap neighbours. */
static size_t edit_distance(struct str a, struct str b) {
    size_t rows[3][NEAREST_MAX + 1];
    size_t *older = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b.size; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.size; i++) {
        size_t *oldest = older;
        older = above;
        above = row;
        row = oldest;
        row[0] = i;
        for (size_t j = 1; j <= b.size; j++) {
            char x = lower(a.data[i - 1]), y = lower(b.data[j - 1]);
            row[j] = smaller(smaller(above[j], row[j - 1]) + 1, above[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == lower(b.data[j - 2]) && lower(a.data[i - 2]) == y)
                row[j] = smaller(row[j], older[j - 2] + 1);
        }
    }
    return row[b.size];
}

const char *str_nearest(struct str word, const char *const *candidates, size_t n) {
    const char *nearest = NULL;
    if (word.size == 0 || word.size > NEAREST_MAX)
        return NULL;
    /* A third of the letters wrong, or one of a short word: beyond that it is another word. */
    size_t limit = (word.size + 2) / 3;
    for (size_t i = 0; i < n; i++) {
        struct str candidate = str_from(candidates[i]);
        if (candidate.size > NEAREST_MAX || candidate.size > word.size + limit)
            continue;
        size_t distance = edit_distance(word, candidate);
        if (distance <= limit && distance < word.size) {
            nearest = candidates[i];
            if (distance == 0)
                break;
            limit = distance - 1;
        }
    }
    return nearest;
}
