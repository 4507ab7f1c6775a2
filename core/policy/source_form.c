#include "policy/source_form.h"

#define MARK "\xef\xbb\xbf"

struct str source_behind_mark(struct str text) {
    if (!str_starts_with(text, STR(MARK)))
        return text;
    return (struct str){text.data + sizeof MARK - 1, text.size - (sizeof MARK - 1)};
}

static bool is_blank(struct str text) {
    for (size_t i = 0; i < text.size; i++)
        if (!strchr(" \t\r\n", text.data[i]) || !text.data[i])
            return false;
    return true;
}

/* Every other byte of Latin text in UTF-16 is zero, also where no mark says what it is. */
static bool is_utf_16(struct str text) {
    size_t n = text.size < 64 ? text.size & ~(size_t)1 : 64;
    size_t zeros[2] = {0, 0};
    for (size_t i = 0; i < n; i++)
        zeros[i & 1] += text.data[i] == 0;
    return str_starts_with(text, STR("\xff\xfe")) || str_starts_with(text, STR("\xfe\xff")) ||
           (n >= 8 && (zeros[0] > n / 4 || zeros[1] > n / 4) && (!zeros[0] || !zeros[1]));
}

static bool wrong(struct source_form *form, const char *code, uint32_t line, const char *message) {
    *form = (struct source_form){code, message, line};
    return true;
}

bool source_form_is_wrong(struct str text, struct source_form *ret_form) {
    uint32_t line = 1;
    if (text.size > SOURCE_BYTES)
        return wrong(ret_form, "too_long", 0,
                     "the file is longer than 256 KiB: a policy is a page or two; large tables "
                     "belong into the dictionaries");
    if (str_starts_with(text, STR("\x1bLua")))
        return wrong(ret_form, "bytecode", 0,
                     "this is compiled Lua, which nobody can read: give the text it was made of");
    if (is_utf_16(text))
        return wrong(ret_form, "utf_16", 0, "the file is UTF-16: save it as UTF-8 and try again");
    if (is_blank(source_behind_mark(text)))
        return wrong(ret_form, "empty", 0,
                     "the file is empty: volunteerctl policy new KIND writes one to begin with");
    while (text.size) {
        size_t n = str_utf8_size(text);
        if (!*text.data)
            return wrong(ret_form, "zero_byte", line,
                         "a zero byte stands here: this is no text, or it was damaged");
        if (n == 0)
            return wrong(ret_form, "not_utf8", line,
                         "the file is not UTF-8 (GB18030, perhaps?): save it as UTF-8 and try "
                         "again");
        line += *text.data == '\n';
        text = (struct str){text.data + n, text.size - n};
    }
    return false;
}
