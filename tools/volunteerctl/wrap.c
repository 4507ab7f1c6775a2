#include "wrap.h"

#include <stdbool.h>
#include <stdlib.h>
#include <wchar.h>

/* Chinese marks that close something do not begin a line. */
static bool closes(wchar_t character) {
    return wcschr(L"，。；：、！？）】》〉」』”’", character) != NULL;
}

/* And those that open something do not end one. */
static bool opens(wchar_t character) {
    return wcschr(L"（【《〈「『“‘", character) != NULL;
}

/* Bytes of the character that `text` begins with; what is none counts as one column. */
static size_t character_read(const char *text, wchar_t *ret_character, size_t *ret_width) {
    mbstate_t state = {0};
    size_t size = mbrtowc(ret_character, text, MB_CUR_MAX, &state);
    if (size == 0 || size > MB_CUR_MAX) {
        *ret_character = L'?';
        *ret_width = 1;
        return 1;
    }
    int width = wcwidth(*ret_character);
    *ret_width = width > 0 ? (size_t)width : 0;
    return size;
}

/* Bytes of the piece that `text` begins with: a word, or one wide character with the marks that
 * close it. */
static size_t piece_read(const char *text, size_t *ret_width) {
    size_t size = 0, width = 0;
    bool wide = false, opened = false;
    while (text[size] && !strchr(" \n", text[size])) {
        wchar_t character;
        size_t columns;
        size_t bytes = character_read(text + size, &character, &columns);
        bool ends = (wide || columns > 1) && !closes(character) && !opened;
        if (size > 0 && ends)
            break;
        opened = opens(character);
        wide = wide || columns > 1;
        width += columns;
        size += bytes;
    }
    *ret_width = width;
    return size;
}

size_t wrap_least(const char *text) {
    size_t least = 0;
    size_t indent = strspn(text, " "); /* stays with the first piece */
    text += indent;
    while (*text) {
        size_t width;
        text += piece_read(text, &width);
        text += strspn(text, " \n");
        least = width + indent > least ? width + indent : least;
        indent = 0;
    }
    return least;
}

/* As many characters as have room, at least one. */
static size_t characters_fit(const char *text, size_t width) {
    size_t size = 0, used = 0;
    while (text[size]) {
        wchar_t character;
        size_t columns;
        size_t bytes = character_read(text + size, &character, &columns);
        if (size > 0 && used + columns > width)
            break;
        used += columns;
        size += bytes;
    }
    return size;
}

/* Bytes of the first line; *ret_next where the next one begins. */
static size_t line_fit(const char *text, size_t width, size_t *ret_next) {
    size_t size = 0, used = 0;
    while (text[size] && text[size] != '\n') {
        size_t columns;
        size_t spaces = strspn(text + size, " ");
        size_t bytes = piece_read(text + size + spaces, &columns);
        if (used + spaces + columns > width) {
            if (size == 0) /* one word is too wide */
                size = characters_fit(text, width);
            *ret_next = size + strspn(text + size, " ");
            return size;
        }
        size += spaces + bytes;
        used += spaces + columns;
    }
    *ret_next = size + (text[size] == '\n');
    return size;
}

void wrap_text(const char *text, size_t width, struct buf *out) {
    while (*text) {
        size_t next;
        size_t size = line_fit(text, width, &next);
        buf_put(out, text, size);
        bool ended = size + 1 == next && text[size] == '\n';
        text += next;
        if (*text || ended)
            buf_put_byte(out, '\n');
    }
}
