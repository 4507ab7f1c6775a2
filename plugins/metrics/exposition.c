#include "exposition.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DECIMALS_MOST 9

void exposition_deinit(struct exposition *exposition) {
    free(exposition->text);
    *exposition = (struct exposition){0};
}

void exposition_reset(struct exposition *exposition) {
    exposition->size = 0;
    exposition->failed = false;
}

static bool reserve(struct exposition *exposition, size_t size) {
    if (exposition->failed)
        return false;
    if (exposition->capacity - exposition->size >= size)
        return true;
    size_t capacity = exposition->capacity ? exposition->capacity : 4096;
    while (capacity - exposition->size < size)
        capacity *= 2;
    char *grown = realloc(exposition->text, capacity);
    if (!grown) {
        exposition->failed = true;
        exposition->size = 0;
        return false;
    }
    exposition->text = grown;
    exposition->capacity = capacity;
    return true;
}

static void put_bytes(struct exposition *exposition, const char *bytes, size_t size) {
    if (size == 0 || !reserve(exposition, size))
        return;
    memcpy(exposition->text + exposition->size, bytes, size);
    exposition->size += size;
}

static void put(struct exposition *exposition, const char *text) {
    put_bytes(exposition, text, strlen(text));
}

/* Backslash and newline, and in labels the quote, have a form of their own. */
static void put_escaped(struct exposition *exposition, const char *text, bool in_label) {
    for (; *text; text++) {
        char one[2] = {*text, '\0'};
        bool quote = in_label && *text == '"';
        put(exposition, *text == '\\' ? "\\\\" : *text == '\n' ? "\\n" : quote ? "\\\"" : one);
    }
}

void exposition_family(struct exposition *exposition, const char *name, const char *type,
                       const char *help) {
    exposition->family = name;
    put(exposition, "# HELP ");
    put(exposition, name);
    put(exposition, " ");
    put_escaped(exposition, help, false);
    put(exposition, "\n# TYPE ");
    put(exposition, name);
    put(exposition, " ");
    put(exposition, type);
    put(exposition, "\n");
}

void exposition_begin(struct exposition *exposition, const char *suffix) {
    put(exposition, exposition->family);
    put(exposition, suffix);
    exposition->labelled = false;
}

void exposition_label(struct exposition *exposition, const char *name, const char *value) {
    put(exposition, exposition->labelled ? "," : "{");
    put(exposition, name);
    put(exposition, "=\"");
    put_escaped(exposition, value ? value : "", true);
    put(exposition, "\"");
    exposition->labelled = true;
}

const char *exposition_number(int64_t value, unsigned decimals, char *ret_text) {
    char digits[32];
    bool negative = value < 0;
    uint64_t size = negative ? -(uint64_t)value : (uint64_t)value;
    if (decimals > DECIMALS_MOST)
        decimals = DECIMALS_MOST;
    int n = snprintf(digits, sizeof digits, "%0*" PRIu64, (int)decimals + 1, size);
    int whole = n - (int)decimals;
    while (decimals > 0 && digits[n - 1] == '0') { /* 0.5, not 0.500000 */
        n--;
        decimals--;
    }
    snprintf(ret_text, 32, "%s%.*s%s%.*s", negative ? "-" : "", whole, digits, decimals ? "." : "",
             (int)decimals, digits + whole);
    return ret_text;
}

void exposition_value(struct exposition *exposition, int64_t value, unsigned decimals) {
    char text[32];
    put(exposition, exposition->labelled ? "} " : " ");
    put(exposition, exposition_number(value, decimals, text));
    put(exposition, "\n");
}

void exposition_sample(struct exposition *exposition, int64_t value, unsigned decimals) {
    exposition_begin(exposition, "");
    exposition_value(exposition, value, decimals);
}

void exposition_append(struct exposition *exposition, const struct exposition *other) {
    put_bytes(exposition, other->text, other->size);
}
