#include "policy/rewrite.h"

#include <math.h>
#include <stdlib.h>

#include "policy/scan_tokens.h"
#include "util/calendar.h"

#define LINE_COLUMNS 100

/* The words of a text. */
struct words {
    struct str text;
    struct token *list;
    size_t n;
};

/* One entry of a table that is written out: from its name or `[` to the end of its value. */
struct entry {
    struct str name; /* of `name = ...`; or what stands within ["..."] */
    size_t first;    /* words, the last one not included */
    size_t value;
    size_t end;
};

static struct words words_of(struct str text) {
    struct words words = {.text = text};
    words.list = scan_tokens(text, &words.n);
    return words;
}

static bool is(const struct words *words, size_t at, const char *text) {
    return at < words->n && token_is(&words->list[at], text);
}

static bool opens(const struct token *token) {
    static const char *const openers[] = {"{", "(", "[", "function", "do", "if", "repeat"};
    for (size_t i = 0; i < sizeof openers / sizeof *openers; i++)
        if (token_is(token, openers[i]))
            return true;
    return false;
}

static bool closes(const struct token *token) {
    static const char *const closers[] = {"}", ")", "]", "end", "until"};
    for (size_t i = 0; i < sizeof closers / sizeof *closers; i++)
        if (token_is(token, closers[i]))
            return true;
    return false;
}

/* Where the table begins that the file returns: behind the `return` that stands in no block. 0:
 * what is returned is not a table that is written out. */
static size_t find_returned(const struct words *words) {
    int depth = 0;
    for (size_t i = 0; i + 1 < words->n; i++) {
        const struct token *token = &words->list[i];
        depth += opens(token) - closes(token);
        if (depth == 0 && token_is(token, "return"))
            return is(words, i + 1, "{") ? i + 1 : 0;
    }
    return 0;
}

/* The text of a string without escapes, or STR_NONE. */
static struct str literal_text(const struct token *token) {
    struct str text = token->text;
    if (token->kind != TOKEN_LITERAL || text.size < 2 ||
        (*text.data != '"' && *text.data != '\'') || memchr(text.data, '\\', text.size))
        return STR_NONE;
    return (struct str){text.data + 1, text.size - 2};
}

/* The entry that begins at the word. */
static struct entry read_entry(const struct words *words, size_t at) {
    struct entry entry = {.first = at, .value = at};
    if (words->list[at].kind == TOKEN_NAME && is(words, at + 1, "=")) {
        entry.name = words->list[at].text;
        entry.value = at + 2;
    } else if (is(words, at, "[") && is(words, at + 2, "]") && is(words, at + 3, "=")) {
        entry.name = literal_text(&words->list[at + 1]);
        entry.value = at + 4;
    }
    int depth = 0;
    size_t i = entry.value;
    for (; i < words->n && words->list[i].kind != TOKEN_END; i++) {
        const struct token *token = &words->list[i];
        if (depth == 0 && (token_is(token, ",") || token_is(token, ";") || token_is(token, "}")))
            break;
        depth += opens(token) - closes(token);
    }
    entry.end = i;
    return entry;
}

/* The entry behind this one, or behind the `{` at `table`; false at the end. */
static bool next_entry(const struct words *words, size_t table, struct entry *entry) {
    size_t at = entry->end ? entry->end : table + 1;
    if (is(words, at, ",") || is(words, at, ";"))
        at++;
    if (at >= words->n || is(words, at, "}") || words->list[at].kind == TOKEN_END)
        return false;
    *entry = read_entry(words, at);
    return entry->end > at;
}

static bool find_entry(const struct words *words, size_t table, const char *name,
                       struct entry *ret_entry) {
    struct entry entry = {.end = 0};
    while (next_entry(words, table, &entry)) {
        if (!str_equal(entry.name, str_from(name)))
            continue;
        *ret_entry = entry;
        return true;
    }
    return false;
}

/* ---- where words lie in the text ---- */

static size_t begin_of(const struct words *words, size_t at) {
    return (size_t)(words->list[at].text.data - words->text.data);
}

static size_t end_of(const struct words *words, size_t at) {
    return begin_of(words, at) + words->list[at].text.size;
}

/* The spaces that the word's line begins with. */
static struct str indent_of(const struct words *words, size_t at) {
    size_t begin = begin_of(words, at), end;
    while (begin && words->text.data[begin - 1] != '\n')
        begin--;
    for (end = begin; words->text.data[end] == ' ' || words->text.data[end] == '\t';)
        end++;
    return (struct str){words->text.data + begin, end - begin};
}

static void put_range(struct buf *out, struct str text, size_t begin, size_t end) {
    buf_put_str(out, (struct str){text.data + begin, end - begin});
}

/* Behind that place, where a comment follows it on its line: behind that. */
static size_t behind_comment(struct str text, size_t at) {
    size_t end = at;
    while (end < text.size && (text.data[end] == ' ' || text.data[end] == '\t'))
        end++;
    struct str rest = {text.data + end, text.size - end};
    if (!str_starts_with(rest, STR("--")) || str_starts_with(rest, STR("--[")))
        return at;
    const char *line_end = memchr(rest.data, '\n', rest.size);
    return line_end ? (size_t)(line_end - text.data) : text.size;
}

/* `value` in the place of the entry's. */
static void replace_value(const struct words *words, const struct entry *entry, struct str value,
                          struct buf *out) {
    put_range(out, words->text, 0, begin_of(words, entry->value));
    buf_put_str(out, value);
    put_range(out, words->text, end_of(words, entry->end - 1), words->text.size);
}

/* A line `field,` behind the entry `after`, or first in the table. */
static void insert_field(const struct words *words, size_t table, const char *after,
                         struct str field, struct buf *out) {
    struct entry entry;
    bool follows = find_entry(words, table, after, &entry) && is(words, entry.end, ",");
    size_t at = follows ? entry.end : table;
    struct str indent = follows ? indent_of(words, entry.first) : STR("  ");
    size_t place = behind_comment(words->text, end_of(words, at));
    put_range(out, words->text, 0, place);
    buf_printf(out, "\n%.*s%.*s,", STR_ARG(indent), STR_ARG(field));
    put_range(out, words->text, place, words->text.size);
}

/* The field `name` of the returned table gets this text as value; a new one stands behind `after`.
 */
static int set_field(struct str text, const char *name, const char *after, struct str value,
                     struct buf *out) {
    struct words words = words_of(text);
    struct buf literal __attribute__((cleanup(buf_deinit))) = {0};
    struct entry entry;
    size_t table = find_returned(&words);
    if (table && find_entry(&words, table, name, &entry)) {
        buf_printf(&literal, "\"%.*s\"", STR_ARG(value));
        replace_value(&words, &entry, buf_str(&literal), out);
    } else if (table) {
        buf_printf(&literal, "%s = \"%.*s\"", name, STR_ARG(value));
        insert_field(&words, table, after, buf_str(&literal), out);
    }
    free(words.list);
    return table ? 0 : REWRITE_NOT_PLAIN;
}

int rewrite_based_on(struct str text, struct str revision, struct buf *out) {
    return set_field(text, "based_on", "name", revision, out);
}

bool rewrite_is_same(struct str a, struct str b) {
    struct buf left __attribute__((cleanup(buf_deinit))) = {0};
    struct buf right __attribute__((cleanup(buf_deinit))) = {0};
    if (str_equal(a, b))
        return true;
    return rewrite_based_on(a, STR("-"), &left) == 0 &&
           rewrite_based_on(b, STR("-"), &right) == 0 && str_equal(buf_str(&left), buf_str(&right));
}

/* ---- parameters ---- */

static bool is_name(struct str text) {
    size_t n;
    struct token *tokens = scan_tokens(text, &n);
    bool is = n == 2 && tokens[0].kind == TOKEN_NAME && tokens[0].text.size == text.size;
    free(tokens);
    return is;
}

static void put_text(struct buf *out, struct str text) {
    buf_put_byte(out, '"');
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c == '"' || c == '\\')
            buf_printf(out, "\\%c", c);
        else if (c < ' ' || c == 0x7f)
            buf_printf(out, "\\%03u", c);
        else
            buf_put_byte(out, c);
    }
    buf_put_byte(out, '"');
}

static void put_key(struct buf *out, struct str name) {
    if (is_name(name)) {
        buf_put_str(out, name);
    } else {
        buf_put_byte(out, '[');
        put_text(out, name);
        buf_put_byte(out, ']');
    }
    buf_put_str(out, STR(" = "));
}

static void put_value(struct buf *out, const json_t *value);

static void put_members(struct buf *out, const json_t *value) {
    const char *name;
    json_t *member;
    size_t i, n = 0;
    if (json_is_array(value)) {
        json_array_foreach(value, i, member) {
            buf_put_str(out, n++ ? STR(", ") : STR(" "));
            put_value(out, member);
        }
    } else {
        json_object_foreach((json_t *)(uintptr_t)value, name, member) {
            buf_put_str(out, n++ ? STR(", ") : STR(" "));
            put_key(out, str_from(name));
            put_value(out, member);
        }
    }
    if (n)
        buf_put_byte(out, ' ');
}

static void put_number(struct buf *out, double value) {
    buf_printf(out, "%.17g", value);
    if (value == floor(value) && fabs(value) < 1e15)
        buf_put_str(out, STR(".0"));
}

/* As Lua writes it, on one line. */
static void put_value(struct buf *out, const json_t *value) {
    switch (json_typeof(value)) {
    case JSON_OBJECT:
    case JSON_ARRAY:
        buf_put_byte(out, '{');
        put_members(out, value);
        buf_put_byte(out, '}');
        return;
    case JSON_STRING:
        put_text(out, (struct str){json_string_value(value), json_string_length(value)});
        return;
    case JSON_INTEGER:
        buf_printf(out, "%lld", (long long)json_integer_value(value));
        return;
    case JSON_REAL:
        put_number(out, json_real_value(value));
        return;
    case JSON_TRUE:
    case JSON_FALSE:
    case JSON_NULL:
        buf_put_str(out, json_is_true(value)    ? STR("true")
                         : json_is_false(value) ? STR("false")
                                                : STR("nil"));
        return;
    }
}

/* A set on one line, or where that is long each parameter on its own. */
static void put_set(struct buf *out, const json_t *set, struct str indent) {
    size_t begin = out->size;
    const char *name;
    json_t *member;
    put_value(out, set);
    if (out->size - begin <= LINE_COLUMNS - 24)
        return;
    out->size = begin;
    buf_put_byte(out, '{');
    json_object_foreach((json_t *)(uintptr_t)set, name, member) {
        buf_printf(out, "\n%.*s  ", STR_ARG(indent));
        put_key(out, str_from(name));
        put_value(out, member);
        buf_put_byte(out, ',');
    }
    buf_printf(out, "\n%.*s}", STR_ARG(indent));
}

/* The entry of that day, or of the first later one; false behind the last. All of the table's
 * names must be dates: *ret_plain. */
static bool find_day(const struct words *words, size_t table, struct str date,
                     struct entry *ret_entry, bool *ret_plain) {
    struct entry entry = {.end = 0};
    bool found = false;
    while (next_entry(words, table, &entry)) {
        int32_t ignored;
        *ret_plain &= date_parse(entry.name, &ignored) == 0;
        if (str_compare(entry.name, date) < 0 ||
            (found && str_compare(entry.name, ret_entry->name) >= 0))
            continue;
        *ret_entry = entry;
        found = true;
    }
    return found;
}

/* `["date"] = set,` before the entry. */
static void insert_before(const struct words *words, const struct entry *entry, struct str date,
                          const json_t *set, struct buf *out) {
    struct str indent = indent_of(words, entry->first);
    put_range(out, words->text, 0, begin_of(words, entry->first));
    buf_printf(out, "[\"%.*s\"] = ", STR_ARG(date));
    put_set(out, set, indent);
    buf_printf(out, ",\n%.*s", STR_ARG(indent));
    put_range(out, words->text, begin_of(words, entry->first), words->text.size);
}

/* The same at the end of the table. */
static void append(const struct words *words, size_t table, struct str date, const json_t *set,
                   struct buf *out) {
    struct entry last = {.end = 0}, entry = last;
    while (next_entry(words, table, &entry))
        last = entry;
    size_t end = last.end ? last.end : table + 1; /* the word behind the last entry, or the `}` */
    bool has_comma = is(words, end, ",") || is(words, end, ";");
    struct str indent = last.end ? indent_of(words, last.first) : STR("    ");
    size_t place = end_of(words, has_comma ? end : end - 1);
    put_range(out, words->text, 0, place);
    if (last.end && !has_comma)
        buf_put_byte(out, ',');
    size_t behind = behind_comment(words->text, place);
    put_range(out, words->text, place, behind);
    buf_printf(out, "\n%.*s[\"%.*s\"] = ", STR_ARG(indent), STR_ARG(date));
    put_set(out, set, indent);
    buf_put_byte(out, ',');
    if (!last.end)
        buf_put_str(out, STR("\n  "));
    put_range(out, words->text, behind, words->text.size);
}

static int set_day(struct str text, struct str date, const json_t *set, struct buf *out) {
    struct words words = words_of(text);
    struct buf value __attribute__((cleanup(buf_deinit))) = {0};
    struct entry parameters, day;
    size_t table = find_returned(&words);
    bool plain = table && find_entry(&words, table, "parameters", &parameters) &&
                 is(&words, parameters.value, "{") && is(&words, parameters.end - 1, "}");
    bool found = plain && find_day(&words, parameters.value, date, &day, &plain);
    if (plain && found && str_equal(day.name, date)) {
        put_set(&value, set, indent_of(&words, day.first));
        replace_value(&words, &day, buf_str(&value), out);
    } else if (plain && found) {
        insert_before(&words, &day, date, set, out);
    } else if (plain) {
        append(&words, parameters.value, date, set, out);
    }
    free(words.list);
    return plain ? 0 : REWRITE_NOT_PLAIN;
}

static bool has_field(struct str text, const char *name) {
    struct words words = words_of(text);
    struct entry ignored;
    size_t table = find_returned(&words);
    bool has = table && find_entry(&words, table, name, &ignored);
    free(words.list);
    return has;
}

int rewrite_parameters(struct str text, const json_t *sets, struct str cases_on, struct buf *out) {
    struct buf now __attribute__((cleanup(buf_deinit))) = {0};
    struct buf next __attribute__((cleanup(buf_deinit))) = {0};
    const char *date;
    json_t *set;
    int r = 0;
    if (cases_on.size && !has_field(text, "cases_on"))
        r = set_field(text, "cases_on", "parameters", cases_on, &now);
    else
        buf_put_str(&now, text);
    json_object_foreach((json_t *)(uintptr_t)sets, date, set) {
        if (r != 0)
            break;
        buf_reset(&next);
        r = set_day(buf_str(&now), str_from(date), set, &next);
        buf_reset(&now);
        buf_put_str(&now, buf_str(&next));
    }
    if (r == 0)
        buf_put_str(out, buf_str(&now));
    return r;
}
